import { Fault } from "../contracts/fault.ts";
import { SignatureThread, VerificationTimeout } from "../federation/saml/signature-thread.ts";
import type { SignedXml } from "../federation/saml/signature-thread.ts";
import { CostlyLine } from "./costly-line.ts";

/** Signatures that one sender, and all of them together, may have waiting. */
const mostOfSender = 32;
const mostWaiting = 400;

/**
 * Verifies signatures of XML on a thread of its own, one at a time: whatever strangers send, the thread that serves does
 * none of it. Senders take turns, so that one waits for one signature of each of the others at most.
 */
export class SignatureLine {
  readonly #line = new CostlyLine();
  readonly #thread = new SignatureThread();

  /**
   * @param sender who takes the turn
   * @returns the canonical form of what is signed; null where no signature is good
   * @throws Fault ServiceUnavailable
   */
  async verify(signed: SignedXml, sender: string): Promise<string | null> {
    if (this.#line.length >= mostWaiting || this.#line.waitingOf(sender) >= mostOfSender) throw tooMany();
    await this.#line.enter(sender);
    try {
      return await this.#thread.verify(signed);
    } catch (error) {
      if (error instanceof VerificationTimeout) throw tooMany(error);
      throw error;
    } finally {
      this.#line.leave();
    }
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

function tooMany(cause?: Error): Fault {
  const message = "Too many assertions wait to be verified; try again in a moment.";
  return new Fault("ServiceUnavailable", 503, message, cause === undefined ? {} : { cause });
}
