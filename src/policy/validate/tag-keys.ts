/**
 * Condition keys about tags, which not every action has: without the key a positive condition is false, so that an
 * Allow does not allow and a Deny does not deny. Which actions are reported follows what Access Analyzer said of AWS's own
 * policies (recorded from AWS, March 2026): none for aws:TagKeys, and none under an operator that is true without the key.
 */
import { isPositive } from "../grammar/operators.ts";
import { knownContextKey } from "../context-key.ts";
import type { ContextKey } from "../context-key.ts";
import { foldName } from "../name.ts";
import { actionsOf } from "./actions.ts";
import type { Report } from "./finding.ts";
import type { ActionData, ServiceData } from "./services.ts";
import type { ClauseView, StatementView } from "./statement.ts";

const requestTag: ContextKey = "aws:RequestTag/${TagKey}";
const resourceTag: ContextKey = "aws:ResourceTag/${TagKey}";
const tagKeys: readonly (ContextKey | undefined)[] = [requestTag, resourceTag, "aws:TagKeys"];

export function isTagKey(key: string): boolean {
  return tagKeys.includes(nameOf(key));
}

function nameOf(key: string): ContextKey | undefined {
  return knownContextKey(foldName(key))?.name;
}

/** @param services without them only NotAction is judged */
export function checkTagKey(
  report: Report,
  { effect, actions, notActions }: StatementView,
  { key, name }: ClauseView,
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
  const isWithout = predicates.get(nameOf(key.value));
  if (services === undefined || isWithout === undefined || name === null || !isPositive(name)) return;
  const without = actions.filter(({ value }) => isWithout(value, services)).map(({ value }) => value);
  if (without.length === 0) return;
  const code = deny
    ? "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"
    : "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE";
  const serviceNames = [...new Set(without.map((action) => action.slice(0, action.indexOf(":"))))].join(", ");
  report.add(code, key, { conditionKeyName: key.value, serviceNames });
}

/** Actions with wildcards are not judged. */
function isWithoutRequestTag(pattern: string, services: ServiceData): boolean {
  if (/[*?]/.test(pattern)) return false;
  const [action] = actionsOf(pattern, services);
  return action !== undefined && !knows(action, requestTag);
}

/**
 * An action of a service without tags; or one that takes `*` alone for its resource and knows of no tags either. Of others
 * the Service Authorization Reference leaves the key out where AWS's own policies test it.
 */
function isWithoutResourceTag(pattern: string, services: ServiceData): boolean {
  const service = services.service(pattern.slice(0, Math.max(0, pattern.indexOf(":"))).toLowerCase());
  if (service === undefined || service.actions.length === 0) return false;
  const tagged =
    service.conditionKeys.some(({ key }) => nameOf(key) === resourceTag) ||
    service.actions.some((action) => knows(action, resourceTag));
  return actionsOf(pattern, services).some(
    (action) => !tagged || (action.resourceTypes.length === 0 && !action.conditionKeys.some(isTagKey)),
  );
}

function knows(action: ActionData, key: ContextKey): boolean {
  return action.conditionKeys.some((candidate) => nameOf(candidate) === key);
}

const predicates: ReadonlyMap<ContextKey | undefined, (pattern: string, services: ServiceData) => boolean> = new Map([
  [requestTag, isWithoutRequestTag],
  [resourceTag, isWithoutResourceTag],
]);
