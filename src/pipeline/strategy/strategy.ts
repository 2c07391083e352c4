import type { Decoded, Exchange, Identified, Proven, Ready, Routed } from "../stage.ts";

/**
 * The head of a request carries the proof, and the proof covers the whole request: who sends it is looked up before the
 * body is read to its end, and proven before anything is made of the body.
 */
export interface HeadProof {
  readonly proof: "head";
  /** Whether a head has such a proof, be it one that cannot be read. */
  readonly carries: (exchange: Exchange) => boolean;
  /**
   * Reads it and looks up whom it names, as things stand now; once more where time has passed since.
   *
   * @throws Fault
   */
  readonly identify: (exchange: Exchange) => Identified | Promise<Identified>;
  /** @throws Fault, also where the request carries no proof of this kind */
  readonly authenticate: (stage: Routed) => Proven | Promise<Proven>;
}

/**
 * A member of the input is the proof: a token or an assertion, costly to verify, from anybody. Whoever sends many waits
 * before one is looked at, by address and by the account that they are about.
 */
export interface InputProof {
  readonly proof: "input";
  /** The account that a request says it is about, for the role that it names, say; undefined where it names none. */
  readonly claimedAccount: (input: object) => string | undefined;
  /** @throws Fault */
  readonly authenticate: (stage: Decoded) => Ready | Promise<Ready>;
}

/** Nothing here verifies it yet: whatever asks for it is answered as what is not built. */
interface NoProof {
  readonly proof: "none yet";
}

export type Strategy = HeadProof | InputProof | NoProof;
