/** Keys of OpenID Connect issuers that this server cannot ask for them. */
import { list, optional, structure } from "../value-of.ts";
import { text } from "./values.ts";

/** The provider's ARN, or its issuer's URL. */
export const provider = { type: "string", min: 1, max: 2048 } as const;

/** A JWK Set (RFC 7517 §5), as the issuer's jwks_uri has it. */
export const jwks = { type: "string", min: 2, max: 200_000 } as const;

const providerKey = structure({
  KeyId: text,
  /** `RSA 2048`, `EC P-256`. */
  Type: text,
});

export const providerKeys = structure({
  ProviderArn: text,
  /** None where the issuer is asked. */
  Keys: list(providerKey, 0, 200),
  /** A JWK Set of them. */
  Jwks: optional(text),
});

/** Of what was given and is not used, and why. */
export const unusedKeys = list(structure({ KeyId: text, Reason: text }), 0, 200);
