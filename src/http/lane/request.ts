import type { Rendered } from "../../wire/rendered.ts";
import type { Arrival } from "../arrival.ts";
import type { BodyHold } from "../body-budget.ts";
import type { PlainHead } from "./plain-head.ts";

/** The connection that a request came over, as the request knows it. */
export interface Carrier {
  readonly address: string | undefined;
  readonly secure: boolean;
  /** @throws Error where the answer cannot be written: nothing of it is then */
  answer(request: PlainRequest, rendered: Rendered): void;
  destroy(): void;
}

/** A request of the lane, body included. */
export class PlainRequest implements Arrival {
  readonly #connection: Carrier;
  readonly #body: Buffer;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  readonly operationTarget: string | undefined;
  readonly userAgent: string | undefined;
  readonly referer: string | undefined;
  readonly address: string | undefined;
  readonly secure: boolean;

  constructor(connection: Carrier, head: PlainHead, body: Buffer) {
    this.#connection = connection;
    this.#body = body;
    this.method = head.method;
    this.target = head.target;
    this.headers = head.headers;
    this.host = head.host;
    this.authorization = head.authorization;
    this.contentType = head.contentType;
    this.accept = head.accept;
    this.operationTarget = head.operationTarget;
    this.userAgent = head.userAgent;
    this.referer = head.referer;
    this.address = connection.address;
    this.secure = connection.secure;
  }

  receive(hold: BodyHold, most: number): Buffer {
    hold.add(this.#body.length);
    return this.#body.length > most ? this.#body.subarray(0, most) : this.#body;
  }

  answer(rendered: Rendered): void {
    this.#connection.answer(this, rendered);
  }

  abandon(): void {
    this.#connection.destroy();
  }
}
