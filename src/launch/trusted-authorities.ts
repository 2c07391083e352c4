import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import * as tls from "node:tls";
import { ConfigurationError } from "../config/index.ts";
import type { FurtherCheck, Problem, Settings } from "../config/index.ts";

/**
 * The authorities that certificates of issuers may be under: PEM texts. Null where no setting adds any: Node then trusts
 * what it trusts by itself.
 *
 * @throws ConfigurationError
 */
export function readAuthorities({ trustedCa }: Pick<Settings, "trustedCa">): readonly string[] | null {
  if (trustedCa === null) return null;
  const problems: Problem[] = [];
  const own = readFile(trustedCa, problems);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return [...nodesOwn(), ...own];
}

/** For a start that tells every problem at once. */
export const authorityProblems: FurtherCheck = (valueOf) => {
  const problems: Problem[] = [];
  const file = valueOf("trustedCa") as string | null;
  if (file !== null) readFile(file, problems);
  return problems;
};

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Bundles have comments between their certificates: they are passed over. */
function readFile(file: string, problems: Problem[]): readonly string[] {
  const wrong = (why: string): readonly string[] => {
    problems.push({ setting: "trustedCa", message: `trustedCa: the file ${file} ${why}` });
    return [];
  };
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return wrong(`cannot be read (${(error as NodeJS.ErrnoException).code}): check the path and who may read it`);
  }
  const certificates = text.match(block) ?? [];
  if (certificates.length === 0) {
    return wrong("holds no CERTIFICATE in PEM form: it must have a line -----BEGIN CERTIFICATE-----");
  }
  const unreadable = certificates.findIndex((certificate) => !isCertificate(certificate));
  return unreadable < 0
    ? certificates
    : wrong(`holds a certificate that cannot be read, number ${unreadable + 1} in it`);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).publicKey.type === "public";
  } catch {
    return false;
  }
}

/** What Node trusts where it is told nothing. */
function nodesOwn(): readonly string[] {
  // From 22.15 on it says so itself, whatever made it trust them.
  const { getCACertificates } = tls as { readonly getCACertificates?: (type: "default") => readonly string[] };
  if (getCACertificates !== undefined) return getCACertificates("default");
  const extra = process.env["NODE_EXTRA_CA_CERTS"] ?? "";
  try {
    return extra === "" ? tls.rootCertificates : [...tls.rootCertificates, readFileSync(extra, "utf8")];
  } catch {
    // Node says so in a warning of its own, and goes on.
    return tls.rootCertificates;
  }
}
