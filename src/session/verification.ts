import { Fault } from "../contracts/fault.ts";
import type { Tx } from "../store/sql/database.ts";
import { gather } from "../store/sql/eventual.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import { checkScope, checkTime } from "../sigv4/checks.ts";
import type { ScopePolicy } from "../sigv4/checks.ts";
import { parseAuthorization } from "../sigv4/parse.ts";
import type { ParsedSignature, SignedRequestInput } from "../sigv4/request.ts";
import { signingRules } from "../sigv4/rules.ts";
import { SigningKeys } from "../sigv4/signing-key.ts";
import { verifySignature } from "../sigv4/verify.ts";
import type { Authenticator, Claimant } from "./authenticator.ts";
import type { Signer } from "./actor.ts";

/** A parsed signature and who claims to have made it. */
export interface Claim {
  readonly signature: ParsedSignature;
  readonly claimant: Claimant;
}

export interface VerifiedRequest {
  readonly signature: ParsedSignature;
  readonly caller: Signer;
  /**
   * Whether the signature covers the body. It does not where S3's words for an unsigned body or for one in chunks stand in
   * the place of its hash: those are what is signed then, and chunks have signatures of their own, if any.
   */
  readonly bodySigned: boolean;
}

/**
 * Verification of a signed request in AWS's order: form, credential scope, key, token, expiry, issuer, time, signature.
 * It is in two halves because the first needs no body: an unknown key is refused before a body is read.
 */
export class Verifier {
  readonly #authenticator: Authenticator;
  readonly #skewMs: number;
  readonly #signingKeys: SigningKeys;

  /**
   * @param skewMs how far a client's clock may be off, either way, in milliseconds
   * @param signingKeys how many are kept
   */
  constructor(authenticator: Authenticator, skewMs: number, signingKeys?: number) {
    this.#authenticator = authenticator;
    this.#skewMs = skewMs;
    this.#signingKeys = new SigningKeys(signingKeys);
  }

  /**
   * Everything that the head of the request decides.
   *
   * @param scope the service, and the regions, that the request must be scoped to
   * @throws Fault
   */
  identify(tx: Tx, signature: ParsedSignature, scope: ScopePolicy, now: number): Eventual<Claim> {
    checkScope(signature, scope);
    return gather(
      () => this.#authenticator.claimant(tx, signature.accessKeyId, signature.securityToken, now),
      (claimant) => ({ signature, claimant }),
    );
  }

  /**
   * Of a request whose body is taken for what was signed.
   *
   * @throws Fault SignatureDoesNotMatch, RequestExpired, InvalidRequest where the signature does not cover the body
   */
  verifySignature(claim: Claim, request: SignedRequestInput, now: number): Signer {
    const { bodySigned, caller } = this.#verified(claim, request, now);
    if (!bodySigned) throw new Fault("InvalidRequest", 400, "The signature must cover the body.");
    return caller;
  }

  /**
   * Which of these hosts a signature is good for that is not for the host in its request; undefined where it is for none of
   * them. Whoever signed for one of them is the holder of the key, behind a proxy that has changed Host.
   */
  signedHost(claim: Claim, request: SignedRequestInput, hosts: readonly string[]): string | undefined {
    const { signature, claimant } = claim;
    const rules = signingRules(signature.scope.service);
    return hosts.find((host) => {
      const asked = { ...request, headers: withHost(request.headers, host) };
      try {
        verifySignature(signature, asked, rules, this.#signingKeys, () => claimant.secretAccessKey);
        return true;
      } catch (error) {
        if (error instanceof Fault) return false;
        throw error;
      }
    });
  }

  /** Both halves at once, for a request that arrived whole. */
  verify(
    tx: Tx,
    request: SignedRequestInput,
    expected: { readonly service: string; readonly region?: string | undefined },
    now: number,
  ): Eventual<VerifiedRequest> {
    const signature = parseAuthorization(request);
    const regions = expected.region === undefined ? "any" : new Set([expected.region]);
    return gather(
      () => this.identify(tx, signature, { service: expected.service, regions }, now),
      (claim) => this.#verified(claim, request, now),
    );
  }

  #verified({ signature, claimant }: Claim, request: SignedRequestInput, now: number): VerifiedRequest {
    const rules = signingRules(signature.scope.service);
    checkTime(signature, now, this.#skewMs, rules);
    const covered = verifySignature(signature, request, rules, this.#signingKeys, () => claimant.secretAccessKey);
    return { signature, caller: claimant.caller, bodySigned: covered === "signed" };
  }
}

/** @param headers name, value, name, value … */
function withHost(headers: readonly string[], host: string): readonly string[] {
  return headers.map((text, index) => (index % 2 === 1 && headers[index - 1]!.toLowerCase() === "host" ? host : text));
}
