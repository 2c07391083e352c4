import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

/** Where the signed element stands: the document's own, or the only assertion in a response. */
export type SignedPlace = "root" | "assertion";

/** What is to be verified. */
export interface SignedXml {
  readonly xml: string;
  readonly place: SignedPlace;
  /** Any of them may have signed: PEM. */
  readonly certificates: readonly string[];
}

/** It took longer than any honest document does. */
export class VerificationTimeout extends Error {}

/** Milliseconds; an assertion takes ten, and the first one also what it takes to start. */
const usualLongest = 10_000;
/** Of memory. */
const mostMegabytes = 128;

/**
 * Verifies signatures of XML on a thread of its own, one after the other. What verifying costs depends on what a stranger
 * sent: a few milliseconds for an assertion, a hundred times that for one that was made for it. So the thread that serves
 * does none of it, and a thread that takes too long, or too much memory, is ended and made anew.
 */
export class SignatureThread {
  readonly #longest: number;
  #worker: Worker | null = null;

  /** @param longest milliseconds after which a verification is given up */
  constructor(longest = usualLongest) {
    this.#longest = longest;
  }

  /**
   * One at a time: the caller waits for the answer before it asks again.
   *
   * @returns the canonical form of the signed element, exactly what was signed; null where no signature is good
   * @throws VerificationTimeout
   */
  async verify(signed: SignedXml): Promise<string | null> {
    const worker = (this.#worker ??= started());
    try {
      return await answerOf(worker, signed, this.#longest);
    } catch (error) {
      this.#worker = null;
      await worker.terminate();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }
}

function started(): Worker {
  const library = createRequire(import.meta.url).resolve("@node-saml/node-saml/lib/xml.js");
  const worker = new Worker(`(${serve.toString()})(require)`, {
    eval: true,
    workerData: library,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    // What the library has to say of what a stranger sent is nothing for the log.
    stdout: true,
    stderr: true,
  });
  worker.unref();
  return worker;
}

function answerOf(worker: Worker, signed: SignedXml, longest: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const failed = (): void => settle(() => reject(new VerificationTimeout()));
    const answered = (canonical: string | null): void => settle(() => resolve(canonical));
    const timer = setTimeout(failed, longest);
    // Not all listeners: the worker has some of its own.
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      worker.off("message", answered).off("error", failed).off("exit", failed);
      worker.unref();
      end();
    };
    worker.ref();
    worker.once("message", answered).once("error", failed).once("exit", failed);
    worker.postMessage(signed);
  });
}

/** What the thread does. It is handed over as text, so it knows nothing but what it is given. */
function serve(require: (name: string) => any): void {
  const { parentPort, workerData } = require("node:worker_threads");
  const { getVerifiedXml, parseDomFromString } = require(workerData);
  parentPort.on("message", async ({ xml, place, certificates }: SignedXml) => {
    try {
      const { documentElement: root } = await parseDomFromString(xml);
      const inside = Array.from(root.childNodes as Iterable<any>).filter(({ localName }) => localName === "Assertion");
      const [element, ...others] = place === "root" ? [root] : inside;
      const one = element !== undefined && others.length === 0;
      parentPort.postMessage(one ? getVerifiedXml(xml, element, certificates) : null);
    } catch {
      parentPort.postMessage(null);
    }
  });
}
