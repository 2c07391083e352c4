/** What an issuer of ours says of itself to whoever verifies its tokens (OpenID Connect Discovery 1.0). */
import { createPublicKey } from "node:crypto";
import type { OutboundKeyRecord } from "../../store/iam/outbound-keys.ts";
import { outboundAlgorithms } from "./key-pair.ts";
import { keyIdOf } from "./signing-keys.ts";

/** AWS has a host of its own for each issuer; a server that people run themselves has one, and a path for each. */
export const issuersPath = "/_rolecall/issuers/";

const keysPath = "/.well-known/jwks.json";

/** @param publicUrl without a slash at its end. @param issuer its UUID */
export function issuerUrl(publicUrl: string, issuer: string): string {
  return `${publicUrl}${issuersPath}${issuer}`;
}

export interface AskedDocument {
  /** The UUID of the issuer. */
  readonly issuer: string;
  readonly document: "configuration" | "keys";
}

const documentForm =
  /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\/\.well-known\/(?:jwks\.json|openid-configuration))$/;

/** @param path below `issuersPath`. @returns null for what no issuer has */
export function askedDocument(path: string): AskedDocument | null {
  const [, issuer, of] = documentForm.exec(path) ?? [];
  return issuer === undefined ? null : { issuer, document: of === keysPath ? "keys" : "configuration" };
}

/** The members are AWS's (observed on AWS, September 2026, radkawar/stackd captures). @param url of the issuer */
export function configurationOf(url: string) {
  return {
    issuer: url,
    jwks_uri: url + keysPath,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: outboundAlgorithms,
    claims_supported: ["sub", "iss", "aud", "exp", "iat", "jti", "https://sts.amazonaws.com/"],
  };
}

type Published = Pick<OutboundKeyRecord, "algorithm" | "number" | "publicKey">;

/** A JSON Web Key Set (RFC 7517). */
export function keySetOf(keys: readonly Published[]) {
  return {
    keys: keys.map((key) => ({
      ...createPublicKey({ key: Buffer.from(key.publicKey), format: "der", type: "spki" }).export({ format: "jwk" }),
      kid: keyIdOf(key),
      alg: key.algorithm,
      use: "sig",
    })),
  };
}
