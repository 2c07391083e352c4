import { faultsOf } from "../../contracts/errors.ts";
import type { Fault } from "../../contracts/fault.ts";
import type { Question } from "../checks.ts";

/** Why there are no keys of an issuer: as metrics count it. */
export const failureKinds = ["busy", "unreachable", "timeout", "address", "certificate", "answer"] as const;
export type FailureKind = (typeof failureKinds)[number];

/** An issuer's keys could not be had. Its texts are for the administrator: what there had to be, and what there was. */
export class IssuerFailure extends Error {
  readonly kind: FailureKind;
  readonly wanted: string;
  readonly advice: string | undefined;
  /** Of HTTP, where an answer came that is not 200. */
  readonly status: number | undefined;

  /** @param seen what there was @param about what there had to be, and what would change it */
  constructor(
    kind: FailureKind,
    seen: string,
    about: { readonly wanted: string; readonly advice?: string; readonly cause?: unknown; readonly status?: number },
  ) {
    super(seen, { cause: about.cause });
    this.name = "IssuerFailure";
    this.kind = kind;
    this.wanted = about.wanted;
    this.advice = about.advice;
    this.status = about.status;
  }

  /** As a check that did not hold. */
  get question(): Question {
    const { wanted, message: seen, advice } = this;
    return { name: "issuer's keys", wanted, seen, ...(advice === undefined ? {} : { advice }) };
  }
}

const stsFault = faultsOf("sts");

/**
 * What the client is told. An issuer that is not there now may be there later, and SDKs ask again after that code alone
 * (STS API, AssumeRoleWithWebIdentity, IDPCommunicationError); its text was not seen, so it is by analogy. What asking
 * again will not mend is the text that AWS has for a discovery document or keys that it cannot read (AWS re:Post,
 * "resolve the AWS STS AssumeRoleWithWebIdentity API call error InvalidIdentityToken").
 */
export function faultOf({ kind }: IssuerFailure): Fault {
  switch (kind) {
    case "busy":
    case "unreachable":
    case "timeout":
      return stsFault("IDPCommunicationError", "The identity provider could not be reached. Try again.");
    case "certificate":
      return untrustedCertificate();
    case "address":
    case "answer":
      return noVerificationKey();
  }
}

/** Two spaces, and no dot (observed on AWS, September 2026, radkawar/stackd captures, and in public logs). */
export function noVerificationKey(): Fault {
  return stsFault(
    "InvalidIdentityToken",
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
  );
}

/** Seen in public logs. */
function untrustedCertificate(): Fault {
  return stsFault(
    "InvalidIdentityToken",
    "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
  );
}
