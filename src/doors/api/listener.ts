import type { Environment } from "../../operation/context.ts";
import type { Rendered } from "../../wire/rendered.ts";
import type { Certificate } from "../../http/certificate.ts";
import { healthPath, healthy } from "../health/health.ts";
import type { HttpLimits } from "../../http/limits.ts";
import { isForIssuer, issuerDocument } from "../issuers/issuer-document.ts";
import { readinessAnswer, readinessPath } from "../health/readiness.ts";
import type { Readiness } from "../health/readiness.ts";
import type { Arrival } from "../../http/arrival.ts";
import { arrive } from "../../pipeline/arrive.ts";
import type { BodyBudget } from "../../http/body-budget.ts";
import type { HttpFigures, ReaderName } from "../../http/figures.ts";
import { listenerOf } from "../../http/listener.ts";
import type { HttpListener } from "../../http/listener.ts";
import { readers } from "../../http/readers.ts";
import { TurnEnd } from "../../http/turn-end.ts";
import type { Exchange } from "../../pipeline/stage.ts";
import { handleTogether } from "../../pipeline/pipeline.ts";

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
  readonly limits: HttpLimits;
  readonly bodies: BodyBudget;
  /** What reads HTTP. */
  readonly reader: ReaderName;
  readonly figures: HttpFigures;
  readonly readiness: Readiness;
  readonly observers: readonly RequestObserver[];
  readonly onDefect: (error: unknown) => void;
}

/** A listener, and what it does with a request: also for one that came over no connection. */
export type ApiListener = HttpListener & { readonly serve: (arrival: Arrival) => void };

/** The listener of the API: everything but health, readiness and the documents of issuers goes through the pipeline. */
export function createListener(options: ListenerOptions): ApiListener {
  const { bodies, figures, limits } = options;
  const serve = serveWith(options);
  const reader = readers[options.reader]({ limits, bodies, figures, serve });
  return Object.assign(listenerOf(reader, limits, options.tls), { serve });
}

interface Answer {
  readonly arrival: Arrival;
  readonly rendered: Rendered;
}

/**
 * Takes requests to their answers. Those that come in one turn of the event loop take the pipeline's steps together
 * (pipeline.ts says why), and answers of one turn are handed over together at its end: every write wakes the client that
 * waits for it, and a kernel that wakes one thread for several answers does less than one that wakes it for each (a tenth
 * of all processor time of a small request).
 */
function serveWith({ environment, settled, bodies, readiness, observers, onDefect }: ListenerOptions) {
  const answers = new TurnEnd<Answer>((together) => {
    for (const answer of together) handOver(answer, onDefect);
  });
  const end = (exchange: Exchange, rendered: Rendered | null): void => {
    try {
      if (rendered !== null) answers.add({ arrival: exchange.arrival, rendered });
      else exchange.arrival.abandon();
      for (const observer of observers) observer.ended(exchange, rendered, performance.now() - exchange.began);
    } catch (error) {
      onDefect(error);
    }
  };
  const cohort = new TurnEnd<Exchange>((exchanges) => {
    handleTogether(exchanges, onDefect, end);
    // What is answered by now waits for nothing: the turn ends here.
    answers.flush();
  });
  const perform = (arrival: Arrival): void => {
    for (const observer of observers) observer.began();
    cohort.add(arrive(environment(), arrival, bodies));
  };
  const later = (arrival: Arrival, work: Promise<void>): void => {
    work.catch((error: unknown) => {
      onDefect(error);
      arrival.abandon();
    });
  };
  return (arrival: Arrival): void => {
    const waiting = settled();
    if (arrival.target === healthPath) answers.add({ arrival, rendered: healthy });
    else if (arrival.target === readinessPath) {
      later(
        arrival,
        readinessAnswer(readiness, waiting).then((rendered) => answers.add({ arrival, rendered })),
      );
    } else if (isForIssuer(arrival.target)) {
      later(
        arrival,
        Promise.resolve(waiting)
          .then(() => issuerDocument(environment(), arrival))
          .then((rendered) => answers.add({ arrival, rendered })),
      );
    } else if (waiting === null) perform(arrival);
    else
      later(
        arrival,
        waiting.then(() => perform(arrival)),
      );
  };
}

function handOver({ arrival, rendered }: Answer, onDefect: (error: unknown) => void): void {
  try {
    arrival.answer(rendered);
  } catch (error) {
    onDefect(error);
    arrival.abandon();
  }
}
