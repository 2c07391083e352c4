import type { Request } from "../types.ts";

/**
 * What tells the one whom an identity provider vouches for here from all others whom it vouches for: what he is, and for
 * whom the proof was made. A statement without it would let in everybody who has an account at the provider.
 *
 * @returns null for all others, who are named themselves, and where the request says none of it
 */
export function identityCondition({ principal, context }: Request): Readonly<Record<string, string>> | null {
  if (principal.type !== "WebIdentity" && principal.type !== "SAML") return null;
  const own: Record<string, string> = {};
  for (const [key, value] of context.entries()) {
    // What has a placeholder in it would mean something else in a policy.
    if (/:(?:aud|sub)$/.test(key) && typeof value === "string" && !value.includes("${")) own[key] = value;
  }
  return Object.keys(own).length === 0 ? null : own;
}
