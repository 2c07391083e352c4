import { askedDocument, configurationOf, issuersPath, issuerUrl, keySetOf } from "../../federation/outbound/issuer.ts";
import { publishedKeys, publishedLife } from "../../federation/outbound/signing-keys.ts";
import type { Environment } from "../../operation/context.ts";
import * as outboundKeys from "../../store/iam/outbound-keys.ts";
import { Unavailable } from "../../store/sql/errors.ts";
import type { Rendered } from "../../wire/rendered.ts";

/** Whether a request is for a document of an issuer, by its path as it was sent. */
export function isForIssuer(target: string): boolean {
  return target.startsWith(issuersPath);
}

/**
 * What anybody may read: an issuer's configuration and the keys by which its tokens are verified, also while the account has
 * them switched off, as at AWS. Whose issuer it is nobody learns, and none is found by guessing. It costs one question to
 * the store, of which no more wait than of requests.
 */
export async function issuerDocument(
  environment: Environment,
  { method, target }: { readonly method: string; readonly target: string },
): Promise<Rendered> {
  const asked = askedDocument(target.slice(issuersPath.length).replace(/\?.*$/, ""));
  if (asked === null) return notFound;
  if (method !== "GET") return notAllowed;
  try {
    const keys = await environment.database.read((tx) => outboundKeys.ofIssuer(tx, asked.issuer));
    if (keys.length === 0) return notFound;
    const document =
      asked.document === "configuration"
        ? configurationOf(issuerUrl(environment.publicUrl(), asked.issuer))
        : keySetOf(publishedKeys(keys, environment.clock.now()));
    return { status: 200, headers: published, body: JSON.stringify(document) };
  } catch (error) {
    if (error instanceof Unavailable) return unavailable;
    throw error;
  }
}

const published = {
  "content-type": "application/json",
  "cache-control": `public, max-age=${publishedLife}`,
  // Verifiers in browsers read it too.
  "access-control-allow-origin": "*",
};

function refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Rendered {
  return {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
    body: JSON.stringify({ message }),
  };
}

const notFound = refusal(404, "There is no such issuer.");
const notAllowed = refusal(405, "The documents of an issuer are read with GET.", { allow: "GET" });
const unavailable = refusal(503, "The server cannot look for it now.", { "retry-after": "1" });
