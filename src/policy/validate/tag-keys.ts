/**
 * Condition keys about tags, which not every action has: without the key a positive condition is false, so that an
 * Allow does not allow and a Deny does not deny.
 */
import { knownContextKey } from "../context-key.ts";
import type { ContextKey } from "../context-key.ts";
import { foldName } from "../name.ts";
import { actionsOf } from "./actions.ts";
import type { Report } from "./finding.ts";
import type { ServiceData } from "./services.ts";
import { isKey } from "./services.ts";
import type { ClauseView, StatementView } from "./statement.ts";

const requestTagKeys: readonly (ContextKey | undefined)[] = ["aws:RequestTag/${TagKey}", "aws:TagKeys"];
const resourceTagKey: ContextKey = "aws:ResourceTag/${TagKey}";

export function isTagKey(key: string): boolean {
  return isRequestTagKey(key) || nameOf(key) === resourceTagKey;
}

function isRequestTagKey(key: string): boolean {
  return requestTagKeys.includes(nameOf(key));
}

function nameOf(key: string): ContextKey | undefined {
  return knownContextKey(foldName(key))?.name;
}

/** @param services without them only NotAction is judged */
export function checkTagKey(
  report: Report,
  { effect, actions, notActions }: StatementView,
  { key }: ClauseView,
  services: ServiceData | undefined,
): void {
  const deny = effect === "Deny";
  if (notActions.length > 0 && effect !== null) {
    // Some action has no tags, whatever NotAction leaves out.
    const code = deny
      ? "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"
      : "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE";
    report.add(code, key, { conditionKeyName: key.value });
  }
  if (services === undefined) return;
  const isWithout = isRequestTagKey(key.value) ? isWithoutRequestTag : isWithoutResourceTag;
  const without = actions.filter(({ value }) => isWithout(value, key.value, services)).map(({ value }) => value);
  if (without.length === 0) return;
  const code = deny
    ? "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"
    : "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE";
  const serviceNames = [...new Set(without.map((action) => action.slice(0, action.indexOf(":"))))].join(", ");
  report.add(code, key, { conditionKeyName: key.value, serviceNames });
}

/** Actions with wildcards are not judged, as Access Analyzer does not. */
function isWithoutRequestTag(action: string, key: string, services: ServiceData): boolean {
  if (/[*?]/.test(action)) return false;
  const [known] = actionsOf(action, services);
  return known !== undefined && !known.conditionKeys.some((candidate) => isKey(candidate, key));
}

/**
 * Tags of resources are described service by service: within a service that has them the Service Authorization
 * Reference leaves them out at actions where AWS's own policies test them.
 */
function isWithoutResourceTag(action: string, key: string, services: ServiceData): boolean {
  const service = services.service(action.slice(0, Math.max(0, action.indexOf(":"))).toLowerCase());
  if (service === undefined || service.actions.length === 0) return false;
  const isNamed = (candidate: string) => isKey(candidate, key);
  return (
    !service.conditionKeys.some((one) => isNamed(one.key)) &&
    !service.actions.some(({ conditionKeys }) => conditionKeys.some(isNamed))
  );
}
