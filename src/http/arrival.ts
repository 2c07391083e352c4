import type { Eventual } from "../store/sql/eventual.ts";
import type { Rendered } from "../wire/rendered.ts";
import type { BodyHold } from "./body-budget.ts";

/** A request as it came off a connection, whoever read it: node:http, or the plain lane (lane/). */
export interface Arrival {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Name, value, name, value … as they were sent; values are byte strings. */
  readonly headers: readonly string[];
  /** Headers that the pipeline looks at; a repeated one is joined by commas. */
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  /** X-Amz-Target. */
  readonly operationTarget: string | undefined;
  readonly userAgent: string | undefined;
  readonly referer: string | undefined;
  /** The peer's address; undefined once the connection has ended. */
  readonly address: string | undefined;
  /** Whether it came over TLS. */
  readonly secure: boolean;

  /**
   * The body. Its bytes are held until the caller releases them.
   *
   * @param most bytes that will be looked at: of a longer body the beginning is given
   * @throws BodyTooLarge over 10,000,000 bytes, Overload, ClientGone when the connection ended early
   */
  receive(hold: BodyHold, most: number): Eventual<Buffer>;

  answer(rendered: Rendered): void;

  /** Ends the connection without an answer. */
  abandon(): void;
}
