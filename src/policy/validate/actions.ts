/** Action and NotAction: do the services and actions exist, and is each needed. */
import { matchesPattern, patternOf } from "../match/pattern.ts";
import type { JsonString } from "../../json/read.ts";
import type { Report } from "./finding.ts";
import { didYouMean, nearest } from "../../text/nearest.ts";
import { redundantGroups } from "./redundant-entries.ts";
import type { ActionData, ServiceData, ServiceDescription } from "./services.ts";
import type { StatementView } from "./statement.ts";

export function checkActions(report: Report, statement: StatementView, services: ServiceData | undefined): void {
  for (const list of [statement.actions, statement.notActions]) {
    for (const action of list) checkAction(report, action, services);
    checkRedundant(report, list);
  }
}

function checkAction(report: Report, node: JsonString, services: ServiceData | undefined): void {
  const action = node.value;
  if (action === "*" || action.includes("${")) return;
  const colon = action.indexOf(":");
  if (colon <= 0 || action.indexOf(":", colon + 1) >= 0) {
    report.add("INVALID_ACTION", node, { action, suggestion: "" });
    return;
  }
  const service = action.slice(0, colon);
  if (/[*?]/.test(service)) {
    report.add("WILDCARD_IN_SERVICE_NAME", node);
    return;
  }
  if (services === undefined) return;
  if (services.retired?.has(service.toLowerCase()) === true) {
    report.add("RETIRED_SERVICE", node, { service });
    return;
  }
  if (!services.prefixes.has(service.toLowerCase())) {
    const suggestion = didYouMean(nearest(service, services.prefixes));
    report.add("INVALID_SERVICE_IN_ACTION", node, { service, suggestion });
    return;
  }
  const description = services.service(service.toLowerCase());
  if (description === undefined || actionsOf(action, services).length > 0) return;
  const meant = nearest(
    action.slice(colon + 1),
    description.actions.map(({ name }) => name),
  );
  const suggestion = didYouMean(meant === null ? null : `${description.prefix}:${meant}`);
  report.add("INVALID_ACTION", node, { action, suggestion });
}

/** The actions that a pattern with a known service stands for. */
export function actionsOf(pattern: string, services: ServiceData): readonly ActionData[] {
  const colon = pattern.indexOf(":");
  const service = services.service(pattern.slice(0, colon).toLowerCase());
  if (service === undefined) return [];
  const known = byLowerName(service);
  const name = pattern.slice(colon + 1).toLowerCase();
  if (!/[*?]/.test(name)) return known.get(name) ?? [];
  const wanted = patternOf(name);
  return [...known].flatMap(([one, actions]) => (matchesPattern(wanted, one) ? actions : []));
}

const lowerNames = new WeakMap<ServiceDescription, ReadonlyMap<string, readonly ActionData[]>>();

/** Large policies name hundreds of a service's hundreds of actions. */
function byLowerName(service: ServiceDescription): ReadonlyMap<string, readonly ActionData[]> {
  let names = lowerNames.get(service);
  if (names === undefined) {
    names = new Map(service.actions.map((action) => [action.name.toLowerCase(), [action]]));
    lowerNames.set(service, names);
  }
  return names;
}

function checkRedundant(report: Report, nodes: readonly JsonString[]): void {
  for (const group of redundantGroups(nodes, (text) => text.toLowerCase())) {
    const [, first] = group;
    report.add("REDUNDANT_ACTION", first, { redundantActionCount: group.length, redundantAction: first.value });
  }
}
