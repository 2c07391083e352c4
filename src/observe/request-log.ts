import type { IssuerFailure } from "../federation/oidc/issuer-failure.ts";
import { principalArn } from "../session/principal.ts";
import { shorten } from "../text/shorten.ts";
import type { Rendered } from "../wire/rendered.ts";
import type { Exchange } from "../pipeline/stage.ts";
import type { RequestObserver } from "../doors/api/listener.ts";
import { outcomeOf } from "../pipeline/outcome.ts";

/** What of a pino logger is used here. */
export interface Log {
  isLevelEnabled(level: "info" | "warn"): boolean;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Lines a second for what goes wrong: an outage must not fill the disk as well. Requests at `info` are not counted. */
const linesPerSecond = 50;
/** Characters of an error's message, and of its stack. */
const longestText = 4096;
/** Characters of a host's name that are told: a name has 253 (RFC 1035 §2.3.4), and its port. */
const longestHost = 260;
/** Causes of causes that are told. */
const causeDepth = 5;

/**
 * The log of requests and errors. A line is made of fields named here, never of a request's or an error's own members:
 * so no header, parameter, body or secret can get into it.
 *
 * Level `info` tells every request; `warn` those that failed by our fault, slow ones, and those whose Host a proxy changed.
 */
export class RequestLog implements RequestObserver {
  readonly #log: Log;
  readonly #slowMs: number;
  readonly #warnings = new Flood(linesPerSecond);
  readonly #errors = new Flood(linesPerSecond);

  /** @param slowMs a request that takes this long or longer is told at `warn` */
  constructor(log: Log, slowMs: number) {
    this.#log = log;
    this.#slowMs = slowMs;
  }

  began(): void {}

  ended(exchange: Exchange, answer: Rendered | null, ms: number): void {
    const failed = exchange.fault !== undefined && exchange.fault.status >= 500;
    const misdirected = exchange.signedHost !== undefined;
    if (failed || misdirected || ms >= this.#slowMs) {
      if (!this.#log.isLevelEnabled("warn")) return;
      const suppressed = this.#warnings.admit();
      if (suppressed === null) return;
      this.#log.warn(
        { ...describeRequest(exchange, answer, ms), ...countOf(suppressed) },
        misdirected ? "signed for another host: a proxy changes Host" : failed ? "request failed" : "slow request",
      );
    } else if (this.#log.isLevelEnabled("info")) {
      this.#log.info(describeRequest(exchange, answer, ms), "request");
    }
  }

  /** An OpenID Connect issuer that was asked for its keys in vain: each time that it was asked, not each request. */
  readonly issuer = (issuer: string, { kind, wanted, message, advice, cause }: IssuerFailure): void => {
    if (!this.#log.isLevelEnabled("warn")) return;
    const suppressed = this.#warnings.admit();
    if (suppressed === null) return;
    const told = { issuer, reason: kind, wanted, seen: message, advice };
    this.#log.warn(
      {
        ...Object.fromEntries(Object.entries(told).map(([name, text]) => [name, shorten(text ?? "", longestText)])),
        ...(cause === undefined ? {} : { cause: describeError(cause) }),
        ...countOf(suppressed),
      },
      "no keys of an OIDC issuer",
    );
  };

  /** An error that no client caused. */
  error(error: unknown): void {
    const suppressed = this.#errors.admit();
    if (suppressed === null) return;
    this.#log.error({ error: describeError(error), ...countOf(suppressed) }, "an error while serving");
  }
}

function describeRequest(exchange: Exchange, answer: Rendered | null, ms: number): object {
  const { facts, caller, fault } = exchange;
  return {
    requestId: facts.requestId,
    eventId: exchange.eventId,
    service: exchange.service?.name,
    // The contract's name, never the client's text.
    operation: exchange.contract?.name,
    outcome: outcomeOf(exchange, answer),
    status: answer?.status,
    code: fault?.code,
    principal: caller === undefined ? undefined : shorten(principalArn(caller), longestText),
    sourceIp: facts.sourceIp,
    ...hostsOf(exchange),
    ms: Math.round(ms * 100) / 100,
  };
}

/** Both hosts of a request that was signed for another one than it came with. */
function hostsOf({ arrival, signedHost }: Exchange): object {
  if (signedHost === undefined) return {};
  return { signedHost: shorten(signedHost, longestHost), receivedHost: shorten(arrival.host ?? "", longestHost) };
}

/** Name, code, message and stack, and those of its causes; whatever else hangs on an error stays out. */
export function describeError(error: unknown, depth: number = causeDepth): object {
  if (!(error instanceof Error)) return { message: shorten(String(error), longestText) };
  const { code } = error as NodeJS.ErrnoException;
  return {
    name: error.name,
    ...(typeof code === "string" ? { code } : {}),
    // A JSON error of V8 quotes the text that it could not read.
    message: error instanceof SyntaxError ? "(not shown)" : shorten(error.message, longestText),
    stack: frames(error),
    ...(error.cause === undefined || depth === 0 ? {} : { cause: describeError(error.cause, depth - 1) }),
  };
}

/** The stack without its head, which repeats the message. */
function frames(error: Error): string | undefined {
  const at = error.stack?.search(/^\s+at /m) ?? -1;
  return at < 0 ? undefined : shorten(error.stack!.slice(at), longestText);
}

function countOf(suppressed: number): object {
  return suppressed === 0 ? {} : { suppressed };
}

/** Lets a bounded number of lines a second through. */
class Flood {
  readonly #limit: number;
  #second = 0;
  #lines = 0;
  #suppressed = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Null to hold this line back; else how many were held back before it. */
  admit(): number | null {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#lines = 0;
    }
    if (this.#lines >= this.#limit) {
      this.#suppressed++;
      return null;
    }
    this.#lines++;
    const suppressed = this.#suppressed;
    this.#suppressed = 0;
    return suppressed;
  }
}
