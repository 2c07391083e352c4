import { createHash } from "node:crypto";
import type { X509Certificate } from "node:crypto";
import { checkServerIdentity, createSecureContext } from "node:tls";
import type { SecureContext, TLSSocket } from "node:tls";
import type { Clock } from "../../clock/clock.ts";
import { readCertificate } from "../../x509/certificate.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { brokenLink } from "../../x509/path.ts";
import { IssuerFailure } from "./issuer-failure.ts";

/** By what an issuer's certificate was found good: as CloudTrail records it of AssumeRoleWithWebIdentity. */
export type ConnectionVerification = "IAMTrustStore" | "Thumbprint";

/**
 * What OpenSSL finds where a chain is sound and leads to nobody who is known (verify(1)): there thumbprints decide.
 * Whatever else is wrong, a certificate that has ended, another host, they do not mend.
 */
const unknownAuthority: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Longer than any that is in use. */
const longestChain = 10;

/** Whose certificates are good for an issuer. */
export class CertificateTrust {
  readonly #authorities: readonly string[] | null;
  readonly #clock: Clock;
  #context: SecureContext | undefined;

  /** @param authorities PEM texts; null for those that Node trusts by itself, NODE_EXTRA_CA_CERTS among them */
  constructor(authorities: readonly string[] | null, clock: Clock) {
    this.#authorities = authorities;
    this.#clock = clock;
  }

  /** Made once: reading a hundred authorities takes some ten milliseconds. */
  get context(): SecureContext {
    return (this.#context ??= createSecureContext({
      minVersion: "TLSv1.2",
      ...(this.#authorities === null ? {} : { ca: [...this.#authorities] }),
    }));
  }

  /**
   * Judges a connection that was made without a judgement. A certificate under an authority that is trusted is enough,
   * and thumbprints are then not looked at; else the SHA-1 of the last certificate that the server sends has to be one of
   * them (IAM User Guide, id_roles_providers_create_oidc_verify-thumbprint).
   *
   * @throws IssuerFailure
   */
  async judge(socket: TLSSocket, host: string, thumbprints: readonly string[]): Promise<ConnectionVerification> {
    if (socket.authorized) return "IAMTrustStore";
    // Node's types say Error; it is OpenSSL's word for what is wrong, or a sentence.
    const problem = String(socket.authorizationError);
    if (!unknownAuthority.has(problem)) throw untrusted(`a certificate of ${host} that is not good: ${problem}`);
    const mismatch = checkServerIdentity(host, socket.getPeerCertificate());
    if (mismatch !== undefined) throw untrusted(`a certificate that is not for ${host}: ${mismatch.message}`);
    await this.#judgeChain(chainOf(socket), thumbprints);
    return "Thumbprint";
  }

  async #judgeChain(chain: readonly Certificate[], thumbprints: readonly string[]): Promise<void> {
    const now = this.#clock.now();
    if (chain.some(({ notBefore, notAfter }) => now < notBefore || now > notAfter)) {
      throw untrusted("a chain with a certificate that is not valid now");
    }
    if (chain.length > 1 && (await brokenLink(chain, now)) !== null) {
      throw untrusted(
        "a chain in which one certificate does not lead to the next: leaf, intermediate, root is its order",
      );
    }
    const top = createHash("sha1").update(chain.at(-1)!.x509.raw).digest("hex");
    if (!thumbprints.includes(top)) throw untrusted(`a chain that ends in the thumbprint ${top}`, thumbprints);
  }
}

/** As the server has sent it: leaf first. @throws IssuerFailure */
function chainOf(socket: TLSSocket): readonly Certificate[] {
  const chain: Certificate[] = [];
  let sent: X509Certificate | undefined = socket.getPeerX509Certificate();
  for (; sent !== undefined; sent = sent.issuerCertificate) {
    const certificate = readCertificate(sent.raw);
    if (certificate === null) throw untrusted("a certificate that cannot be read, or whose key is neither RSA nor EC");
    if (chain.push(certificate) > longestChain) throw untrusted(`a chain of more than ${longestChain} certificates`);
  }
  return chain;
}

function untrusted(seen: string, thumbprints?: readonly string[]): IssuerFailure {
  const own = thumbprints === undefined || thumbprints.length === 0 ? "" : ` (${thumbprints.join(", ")})`;
  return new IssuerFailure("certificate", seen, {
    wanted: `a valid certificate for its host, under an authority that is trusted or in a thumbprint of the provider${own}`,
    advice:
      "name its authority by --trusted-ca, or set the provider's thumbprint: aws iam update-open-id-connect-provider-thumbprint",
  });
}
