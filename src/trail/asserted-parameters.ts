import type { Actor } from "../session/actor.ts";
import { jsonText } from "../wire/json-text.ts";

/**
 * What a proof from outside says of the session, which CloudTrail has among the parameters of the call that it came with
 * (CloudTrail User Guide and IAM User Guide, cloudtrail-integration: AssumeRoleWithSAML, AssumeRoleWithWebIdentity).
 *
 * @returns the members of an object as JSON; an empty text where there are none
 */
export function assertedParameters(caller: Actor | null): string {
  if (caller?.kind !== "webIdentity" && caller?.kind !== "saml") return "";
  const { sourceIdentity, tags } = caller.asserted;
  const transitive = tags.filter((tag) => tag.transitive).map(({ key }) => key);
  const parameters = {
    // No parameter of the call names the session, or which assertion it was.
    ...(caller.kind === "saml" ? { sAMLAssertionID: caller.assertion.id, roleSessionName: caller.sessionName } : {}),
    sourceIdentity,
    principalTags: tags.length === 0 ? undefined : Object.fromEntries(tags.map(({ key, value }) => [key, value])),
    transitiveTagKeys: transitive.length === 0 ? undefined : transitive,
  };
  return jsonText(parameters).slice(1, -1);
}
