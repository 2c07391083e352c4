import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import type { Environment } from "../../operation/context.ts";
import type { Rendered } from "../../wire/rendered.ts";
import type { Certificate } from "../certificate.ts";
import { answerHealth, healthPath } from "../health.ts";
import type { ServerLimits } from "../limits.ts";
import { answerReadiness, readinessPath } from "../readiness.ts";
import type { Readiness } from "../readiness.ts";
import { openLane } from "../lane/lane.ts";
import { AnswerQueue } from "./answer-queue.ts";
import type { Arrival } from "./arrival.ts";
import { arrive } from "./arrive.ts";
import type { BodyBudget } from "./body-budget.ts";
import { Cohort } from "./cohort.ts";
import type { Exchange } from "./exchange.ts";
import { NodeArrival } from "./node-arrival.ts";
import { handleTogether } from "./pipeline.ts";

/** Told of every request that went through the pipeline, after its answer was handed over. */
export interface RequestObserver {
  began(): void;
  /** @param answer null when the client went away before there was one. @param ms from the head to here */
  ended(exchange: Exchange, answer: Rendered | null, ms: number): void;
}

export interface ListenerOptions {
  /** The environment of the moment: an ephemeral server that is reset has a new one. */
  readonly environment: () => Environment;
  /** Resolves when no reset is under way: a request that comes after one was answered meets the new state. */
  readonly settled: () => Promise<void> | null;
  /** Without it the listener speaks plain HTTP. */
  readonly tls: Certificate | null;
  readonly limits: ServerLimits;
  readonly bodies: BodyBudget;
  readonly readiness: Readiness;
  readonly observers: readonly RequestObserver[];
  readonly onDefect: (error: unknown) => void;
}

/** The listener of the API: everything but health and readiness goes through the pipeline. */
export function createListener(options: ListenerOptions): Server {
  const cohort = cohortOf(options);
  const serve = (arrival: Arrival): void => {
    for (const observer of options.observers) observer.began();
    cohort.add(arrive(options.environment(), arrival, options.bodies));
  };
  const listener: RequestListener = (incoming, outgoing) => {
    void answer(options, serve, incoming, outgoing).catch((error: unknown) => {
      options.onDefect(error);
      outgoing.destroy();
    });
  };
  const { limits } = options;
  const server =
    options.tls === null
      ? createServer(serverOptions(limits), listener)
      : (createTlsServer(
          { ...serverOptions(limits), ...secured(options.tls), handshakeTimeout: limits.headersTimeout },
          listener,
        ) as unknown as Server);
  // Node by itself lets a client keep an answer waiting forever.
  server.timeout = limits.inactivityTimeout;
  // A client that has said all it wants to say may still want to hear: without this, node:http ends the connection when
  // the client closes its half, and an answer that takes longer than that is lost. (Not in Node's types.)
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  openLane(server, {
    event: options.tls === null ? "connection" : "secureConnection",
    limits,
    // A reset has to be waited for, and the small answers of health are node:http's to give.
    takes: ({ target }) => options.settled() === null && target !== healthPath && target !== readinessPath,
    serve,
  });
  limitConnections(server, limits.maxConnections);
  return server;
}

function secured(certificate: Certificate) {
  return { ...certificate, minVersion: "TLSv1.2" as const };
}

/** Gives new connections another certificate. @param listener that was made with one */
export function renewCertificate(listener: Server, certificate: Certificate): void {
  (listener as unknown as TlsServer).setSecureContext(secured(certificate));
}

/**
 * Closes connections beyond the limit at once. Node's own `maxConnections` is not for workers: one that has reached it
 * gives a connection back, node:cluster deals it out again, and where all have reached it that goes on without end.
 */
function limitConnections(server: Server, most: number): void {
  let open = 0;
  server.prependListener("connection", (socket: Socket) => {
    open++;
    socket.once("close", () => open--);
    if (open <= most) return;
    server.emit("drop");
    socket.destroy();
  });
}

function serverOptions(limits: ServerLimits) {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    connectionsCheckingInterval: limits.checkInterval,
    // Finds a peer that is gone without a word.
    keepAlive: true,
    keepAliveInitialDelay: limits.keepAliveTimeout,
    // Node refuses a second Host or Content-Length by itself; other duplicates must reach the signature as sent.
    joinDuplicateHeaders: true,
  };
}

async function answer(
  options: ListenerOptions,
  serve: (arrival: Arrival) => void,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (incoming.url === healthPath) return answerHealth(incoming, outgoing);
  const waiting = options.settled();
  if (waiting !== null) await waiting;
  if (incoming.url === readinessPath) return answerReadiness(options.readiness, incoming, outgoing);
  serve(new NodeArrival(incoming, outgoing));
}

/** Gathers requests and takes them through the pipeline; their answers go out by themselves. */
function cohortOf({ observers, onDefect }: ListenerOptions): Cohort {
  const answers = new AnswerQueue(onDefect);
  const end = (exchange: Exchange, rendered: Rendered | null): void => {
    try {
      if (rendered !== null) answers.add(exchange.arrival, rendered);
      else exchange.arrival.abandon();
      for (const observer of observers) observer.ended(exchange, rendered, performance.now() - exchange.began);
    } catch (error) {
      onDefect(error);
    }
  };
  return new Cohort((exchanges) => answers.gather(() => handleTogether(exchanges, onDefect, end)));
}
