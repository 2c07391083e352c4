import { shorten } from "../text/shorten.ts";

/**
 * Characters of a message. The longest that were recorded from AWS repeat a value of 2,049; escaped as XML or JSON a
 * message of this length is answered with 25 KB at most, whatever was sent.
 */
const longestMessage = 4096;

/**
 * A refusal in the service's own words: what the client sees and nothing else. A private cause, for the log, goes in
 * `cause`.
 */
export class Fault extends Error {
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** Only a few dispatch faults have no message element at all. */
  readonly hasMessage: boolean;
  constructor(code: string, status: number, message?: string, options?: { cause?: unknown }) {
    super(shorten(message ?? "", longestMessage), options);
    this.name = "Fault";
    this.code = code;
    this.status = status;
    this.hasMessage = message !== undefined;
  }
}
