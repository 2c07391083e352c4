/** Action and NotAction: do the services and actions exist, and is each needed. */
import { matchesPattern, patternOf } from "../match/pattern.ts";
import type { JsonString } from "../../json/read.ts";
import { coverage } from "./covers.ts";
import type { Report } from "./finding.ts";
import { didYouMean, nearest } from "../../text/nearest.ts";
import type { ActionData, ServiceData } from "./services.ts";
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
  const known = services.service(pattern.slice(0, colon).toLowerCase())?.actions ?? [];
  const name = patternOf(pattern.slice(colon + 1).toLowerCase());
  return known.filter((action) => matchesPattern(name, action.name.toLowerCase()));
}

/** Entries that others of the same list cover; of two that say the same, the later one. */
function checkRedundant(report: Report, nodes: readonly JsonString[]): void {
  const redundant = redundantOf(nodes, (text) => text.toLowerCase());
  const [first] = redundant;
  if (first === undefined) return;
  report.add("REDUNDANT_ACTION", first, { redundantActionCount: redundant.length, redundantAction: first.value });
}

/** Comparisons of entries with wildcards that a list may cost; a list that costs more is not looked at. */
const comparisonLimit = 1_000_000;

/** The entries of a list that others cover; `fold` gives the text that counts. */
export function redundantOf(nodes: readonly JsonString[], fold: (text: string) => string): JsonString[] {
  const texts = nodes.map((node) => fold(node.value));
  const wildcards = [...new Set(texts)].filter((text) => /[*?]/.test(text));
  if (texts.length * wildcards.length > comparisonLimit) return [];
  const tests = wildcards.map((text) => ({ text, covers: coverage(text) }));
  const seen = new Set<string>();
  return nodes.filter((_, index) => {
    const text = texts[index]!;
    if (seen.has(text)) return true;
    seen.add(text);
    // Of two patterns that cover each other (`s3:*` and `s3:**`) only the later is redundant.
    return tests.some(
      (other) => other.text !== text && other.covers(text) && (seen.has(other.text) || !coverage(text)(other.text)),
    );
  });
}
