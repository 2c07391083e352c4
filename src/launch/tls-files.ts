import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { ConfigurationError } from "../config/index.ts";
import type { FurtherCheck, Problem, Settings } from "../config/index.ts";
import type { Certificate } from "../http/certificate.ts";

type Files = NonNullable<Settings["tls"]>;

/**
 * The certificate and the key that the settings name, as their files are now.
 *
 * @throws ConfigurationError with all that is wrong with them
 */
export function readTls({ tls }: Pick<Settings, "tls">): Certificate | null {
  if (tls === null) return null;
  const problems: Problem[] = [];
  const texts = readPair(tls, problems);
  if (texts === null) throw new ConfigurationError(problems);
  return texts;
}

const forms = {
  cert: { kind: /-----BEGIN CERTIFICATE-----/, name: "CERTIFICATE" },
  key: { kind: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/, name: "PRIVATE KEY" },
};

/** For a start that tells every problem at once: also of one file where the other is not given. */
export const tlsProblems: FurtherCheck = (valueOf) => {
  const tls = { cert: valueOf("tls.cert"), key: valueOf("tls.key") } as Partial<Files>;
  const problems: Problem[] = [];
  readPair(tls, problems);
  return problems;
};

/** Null where something is wrong, or not given. */
function readPair(tls: Partial<Files>, problems: Problem[]): Certificate | null {
  const cert = tls.cert == null ? null : read(tls, "cert", problems);
  const key = tls.key == null ? null : read(tls, "key", problems);
  if (cert === null || key === null) return null;
  checkPair(tls as Files, { cert, key }, problems);
  return problems.length === 0 ? { cert, key } : null;
}

/** The text of one of the files; null where something is wrong with it. */
function read(tls: Partial<Files>, which: "cert" | "key", problems: Problem[]): string | null {
  const { kind, name } = forms[which];
  try {
    const text = readFileSync(tls[which]!, "utf8");
    if (kind.test(text)) return text;
    problems.push(problem(tls, which, `holds no ${name} in PEM form: it must have a line -----BEGIN ${name}-----`));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    problems.push(problem(tls, which, `cannot be read (${code}): check the path and who may read it`));
  }
  return null;
}

function checkPair(tls: Files, texts: Certificate, problems: Problem[]): void {
  const certificate = parsed(() => new X509Certificate(texts.cert));
  if (certificate instanceof Error) {
    problems.push(problem(tls, "cert", `holds a certificate that cannot be read (${certificate.message})`));
  }
  const key = parsed(() => createPrivateKey(texts.key));
  if (key instanceof Error) problems.push(problem(tls, "key", unreadableKey(tls, texts.key, key)));
  if (certificate instanceof Error || key instanceof Error) return;
  if (!certificate.checkPrivateKey(key)) {
    const why = `is not the key of the first certificate in ${tls.cert}: give the two that were made together`;
    return void problems.push(problem(tls, "key", why));
  }
  const context = parsed(() => createSecureContext(texts));
  // A chain that cannot be read, a key that OpenSSL finds too short.
  if (context instanceof Error) problems.push(problem(tls, "cert", `cannot be used (${context.message})`));
}

/** The two forms of keys with a passphrase (RFC 7468 §11, RFC 1421 §4.6.1.1). */
const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

function unreadableKey({ key }: Files, text: string, { message }: Error): string {
  return encrypted.test(text)
    ? `is encrypted: write it without a passphrase (openssl pkey -in ${key} -out …) and name that file`
    : `holds a key that cannot be read (${message})`;
}

function parsed<T extends X509Certificate | KeyObject | ReturnType<typeof createSecureContext>>(
  parse: () => T,
): T | Error {
  try {
    return parse();
  } catch (error) {
    return error as Error;
  }
}

function problem(tls: Partial<Files>, which: "cert" | "key", why: string): Problem {
  const setting = `tls.${which}`;
  return { setting, message: `${setting}: the file ${tls[which]} ${why}` };
}

/** The certificate's and the key's files through the life of a server. */
export class TlsFiles {
  readonly #settings: Settings;
  #current: Certificate | null;

  /** @throws ConfigurationError */
  constructor(settings: Settings) {
    this.#settings = settings;
    this.#current = readTls(settings);
  }

  /** What was read last and is good; null without TLS. */
  get current(): Certificate | null {
    return this.#current;
  }

  /**
   * Reads the files again.
   *
   * @returns what they hold now; null where that is what is known already
   * @throws ConfigurationError: what was read last stays
   */
  renew(): Certificate | null {
    if (this.#current === null) return null;
    const read = readTls(this.#settings)!;
    if (read.cert === this.#current.cert && read.key === this.#current.key) return null;
    this.#current = read;
    return read;
  }

  /** Clients trust a certificate that is its own issuer only when they are told to; any other has its own roots. */
  get caBundle(): string | null {
    if (this.#current === null) return null;
    const certificate = new X509Certificate(this.#current.cert);
    return certificate.checkIssued(certificate) ? this.#settings.tls!.cert : null;
  }
}
