import type { JsonNode } from "../../json/read.ts";
import type { ConnectionVerification } from "./certificate-trust.ts";
import type { FetchRules } from "./document.ts";
import { fetchDocument, unusable } from "./document.ts";
import { isListOfTexts, memberOf, textIn } from "./json-members.ts";
import { KeySet } from "./key-set.ts";
import { IssuerFailure } from "./issuer-failure.ts";

/** The keys of an issuer, as it answered. */
export interface FetchedKeys {
  readonly keys: KeySet;
  /** Of the connection that they came by. */
  readonly verification: ConnectionVerification;
}

/** Lists that a discovery document has to have (IAM User Guide, id_roles_providers_create_oidc). */
const lists = ["response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"] as const;

/**
 * Fetches what an issuer says of itself (OpenID Connect Discovery 1.0 §4), and from where it says its keys.
 *
 * @param issuer the provider's URL. @throws IssuerFailure
 */
export async function fetchKeys(issuer: string, rules: FetchRules): Promise<FetchedKeys> {
  const jwksUri = await discover(issuer, rules);
  const { json, verification } = await fetchDocument(jwksUri, rules);
  const keys = memberOf(json, "keys");
  if (keys?.kind !== "array") throw unusable(jwksUri, "an answer without a list of keys");
  return { keys: new KeySet(keys.items), verification };
}

/** @returns where the keys are */
async function discover(issuer: string, rules: FetchRules): Promise<URL> {
  // A slash at the end is not part of the document's path (§4.1).
  const url = webUrlOf(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  if (url === null) throw new IssuerFailure("address", `${issuer} is no URL`, { wanted: "an issuer with a good URL" });
  const { json } = await fetchDocument(url, rules);
  const named = textIn(json, "issuer");
  if (named !== issuer) throw wrong(url, "issuer", `${issuer}, as the provider's URL`, memberOf(json, "issuer"));
  for (const name of lists) {
    if (!isListOfTexts(memberOf(json, name))) throw wrong(url, name, "a list of texts", memberOf(json, name));
  }
  const jwksUri = webUrlOf(textIn(json, "jwks_uri") ?? "");
  if (jwksUri === null) throw wrong(url, "jwks_uri", "an https URL without a user", memberOf(json, "jwks_uri"));
  return jwksUri;
}

/** Null for what is none with https, or has a user in it. */
function webUrlOf(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === "https:" && url.username === "" && url.password === "" ? url : null;
}

function wrong(url: URL, name: string, wanted: string, seen: JsonNode | undefined): IssuerFailure {
  const is =
    seen === undefined
      ? "has none"
      : seen.kind === "string"
        ? `has ${JSON.stringify(seen.value)}`
        : "has something else";
  return new IssuerFailure("answer", `${url.href} ${is}`, { wanted: `${name}: ${wanted}` });
}
