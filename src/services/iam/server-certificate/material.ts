import { sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { UploadServerCertificateRequest } from "../../../contracts/iam/types.gen.ts";
import { certificateOf, readCertificate } from "../../../x509/certificate.ts";
import type { Certificate } from "../../../x509/certificate.ts";
import { brokenLink } from "../../../x509/path.ts";
import { certificatesIn } from "../../../x509/pem.ts";
import { privateKeyOf } from "../../../x509/private-key.ts";
import { iamFault } from "../entity/faults.ts";

/** A server certificate that was found good. */
export interface Material {
  readonly body: string;
  readonly chain: string | null;
  readonly privateKey: string;
  /** Milliseconds. */
  readonly expiresAt: number;
}

/**
 * The material of a server certificate. All that can be large or slow is cut into turns of the event loop, or done on
 * another thread. Unless a function says otherwise, its texts were observed on AWS, September 2026 (radkawar/stackd
 * captures).
 *
 * @param now milliseconds
 * @throws Fault MalformedCertificate, KeyPairMismatch
 */
export async function checkedMaterial(input: UploadServerCertificateRequest, now: number): Promise<Material> {
  const { CertificateBody: body, CertificateChain: chain, PrivateKey: privateKey } = input;
  const certificate = certificateOf(body);
  const key = privateKeyOf(privateKey);
  // Of a key that cannot be read AWS says the same (public logs).
  if (certificate === null || key === null) {
    throw iamFault(
      "MalformedCertificate",
      "Unable to parse certificate. Please ensure the certificate is in PEM format.",
    );
  }
  if (!(await belongs(key, certificate))) {
    throw iamFault(
      "KeyPairMismatch",
      "The private key did not match the public key provided. Please verify the key material and try again.",
    );
  }
  requireValid(certificate, now);
  if (chain !== undefined) requireChain(await brokenLink([certificate, ...(await readChain(chain))], now));
  return {
    body: body.trimEnd(),
    chain: chain === undefined ? null : chain.trimEnd(),
    privateKey,
    expiresAt: certificate.notAfter,
  };
}

const signed = promisify<string, Buffer, KeyObject, Buffer>(sign);

/** A key file says itself which public key it has, so it must show that it can sign. */
async function belongs(key: KeyObject, { x509, publicKey }: Certificate): Promise<boolean> {
  if (!x509.checkPrivateKey(key)) return false;
  const probe = Buffer.from("rolecall");
  try {
    return verify("sha256", probe, publicKey, await signed("sha256", probe, key));
  } catch {
    return false;
  }
}

/** That one which begins later is refused is known (aws/aws-sdk-go issue 2586); its text is by analogy. */
function requireValid({ notBefore, notAfter }: Certificate, now: number): void {
  if (notAfter < now) {
    throw iamFault(
      "MalformedCertificate",
      "Certificate is no longer valid. The 'Not After' date restriction on the certificate has passed.",
    );
  }
  if (now < notBefore) {
    throw iamFault(
      "MalformedCertificate",
      "Certificate is not yet valid. The 'Not Before' date restriction on the certificate has not passed.",
    );
  }
}

/** Certificates of a chain: 4,396 fit into its 2,097,152 characters, which cost two seconds of a processor. */
const longestChain = 100;

/** @throws Fault MalformedCertificate, which has no message here */
async function readChain(pem: string): Promise<Certificate[]> {
  const chain: Certificate[] = [];
  for (const der of certificatesIn(pem)) {
    const certificate = chain.length === longestChain ? null : readCertificate(der);
    if (certificate === null) throw iamFault("MalformedCertificate");
    chain.push(certificate);
    await nextTurn();
  }
  if (chain.length === 0) throw iamFault("MalformedCertificate");
  return chain;
}

/**
 * AWS takes the last certificate of a chain for the one that is believed, and counts from the body, which is 0: a leaf
 * that stands in its own chain is 1 (public logs), a chain that does not lead to its end -1.
 */
function requireChain(broken: number | null): void {
  if (broken === null) return;
  throw iamFault(
    "MalformedCertificate",
    "Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, " +
      `followed by any intermediaries in order. The index within the chain of the invalid certificate is: ${broken}`,
  );
}
