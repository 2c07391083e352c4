import { parse, PolicySyntaxError } from "../../policy/index.ts";
import type { PolicyDocument, PolicyKind } from "../../policy/index.ts";

/**
 * What a document without further word most probably is: identity policies name no principal, and a trust policy is
 * about sts alone and has no resource, since it is about its role.
 */
export function likelyKind(text: string): PolicyKind {
  let document: PolicyDocument;
  try {
    document = parse(text);
  } catch (error) {
    // What cannot be parsed is an error whatever its kind.
    if (error instanceof PolicySyntaxError) return "identity";
    throw error;
  }
  const { statements } = document;
  const names = statements.some(({ principal, notPrincipal }) => principal !== undefined || notPrincipal !== undefined);
  if (!names) return "identity";
  const trust = statements.every(
    ({ action, resource, notResource }) =>
      resource === undefined && notResource === undefined && action?.every((one) => /^sts:/i.test(one)) === true,
  );
  return trust ? "trust" : "resource";
}
