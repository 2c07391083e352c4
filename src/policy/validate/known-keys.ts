/** What is known of a condition key. */
import { knownContextKey } from "../context-key.ts";
import { foldName } from "../name.ts";
import { isKey } from "./services.ts";
import type { ConditionKeyData, ServiceData } from "./services.ts";

/** The service of a key, lower case: what stands before its colon. */
export function prefixOf(key: string): string {
  return key.slice(0, key.indexOf(":")).toLowerCase();
}

/**
 * The key's description; null when its service is known and has no such key; undefined when that is not known. What
 * rolecall's own table says is known without service data.
 */
export function describedKey(key: string, services: ServiceData | undefined): ConditionKeyData | null | undefined {
  const row = knownContextKey(foldName(key));
  if (row !== undefined) return { key: row.name, type: row.type, multivalued: row.values === "many" };
  return services && keyOfServices(key, services);
}

function keyOfServices(key: string, services: ServiceData): ConditionKeyData | null | undefined {
  const described = services.globalKeys.find((candidate) => isKey(candidate.key, key));
  if (described !== undefined) return described;
  const prefix = prefixOf(key);
  if (prefix === "aws") return null;
  const service = services.service(prefix);
  // Identity providers have prefixes with a dot (token.actions.githubusercontent.com:sub); SAML's is `saml`.
  if (service === undefined) return undefined;
  return service.conditionKeys.find((candidate) => isKey(candidate.key, key)) ?? null;
}
