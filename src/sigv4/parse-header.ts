import { named } from "../text/shorten.ts";
import { incompleteSignature, missingEqualSign } from "./faults.ts";
import { algorithm } from "./request.ts";

export interface AuthorizationParameters {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
}

/** How SDKs write it; everything else takes the long way. */
const usualForm = /^AWS4-HMAC-SHA256 Credential=([^\s,]+), ?SignedHeaders=([^\s,]+), ?Signature=([^\s,]+)$/;

/**
 * Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`. What is missing comes back as AWS's sentences,
 * because AWS answers all of them at once, the missing date included.
 * @throws Fault IncompleteSignature for another AWS algorithm, a piece without `=`, a parameter given twice
 */
export function parseAuthorizationHeader(value: string): {
  complaints: string[];
  parameters: AuthorizationParameters;
} {
  const usual = usualForm.exec(value);
  if (usual !== null) {
    const parameters = { credential: usual[1]!, signedHeaders: usual[2]!, signature: usual[3]! };
    return { complaints: [], parameters };
  }
  const space = value.search(/[ \t]/);
  const scheme = space < 0 ? value : value.slice(0, space);
  // Other schemes (Basic, Bearer) fall through: AWS reads their credentials as parameters and misses its own.
  if (scheme !== algorithm && scheme.startsWith("AWS")) {
    throw incompleteSignature(`Unsupported AWS 'algorithm': '${named(scheme)}'.`);
  }
  const given = readPairs(space < 0 ? "" : value.slice(space + 1), value);
  const ours = scheme === algorithm;
  const parameters = {
    credential: (ours && given.get("Credential")) || "",
    signature: (ours && given.get("Signature")) || "",
    signedHeaders: (ours && given.get("SignedHeaders")) || "",
  };
  const complaints: string[] = [];
  if (parameters.credential === "") complaints.push("Authorization header requires 'Credential' parameter.");
  if (parameters.signature === "") complaints.push("Authorization header requires 'Signature' parameter.");
  if (parameters.signedHeaders === "") complaints.push("Authorization header requires 'SignedHeaders' parameter.");
  return { complaints, parameters };
}

function readPairs(text: string, authorization: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const piece of text.split(",")) {
    const pair = piece.trim();
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    if (equals < 0) throw missingEqualSign(authorization);
    const name = pair.slice(0, equals);
    if (pairs.has(name))
      throw incompleteSignature(`Authorization header must not repeat the '${named(name)}' parameter.`);
    pairs.set(name, pair.slice(equals + 1));
  }
  return pairs;
}
