/**
 * What the models have and nobody has looked at yet, by name. `data/handled.jsonl` lists what is handled: services,
 * operations with their errors, structures with their members, and enumerations with their values. Whoever has handled what
 * is new writes the list anew (`npm run contracts -- --handled`), so that a change of it is a line in a review.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./services.mjs";

const HANDLED = join(ROOT, "data/handled.jsonl");
/** Services of AWS that take requests signed for one of ours, as botocore has them (contracts/extract.mjs). */
const SERVICES_OF_BOTOCORE = join(ROOT, "data/botocore/services.json");

/** What parts of an entry are called in the news. */
const PARTS = { errors: "error", members: "member", values: "value" };

/** @param descriptions of services by their names (contracts/describe.mjs) */
export function inventory(descriptions) {
  const entries = Object.keys(JSON.parse(readFileSync(SERVICES_OF_BOTOCORE, "utf8")).services).map((name) => ({
    of: `service ${name}`,
  }));
  for (const [service, { operations, shapes, errors }] of Object.entries(descriptions)) {
    for (const { name, errors: thrown } of operations) {
      entries.push({
        of: `${service} operation ${name}`,
        errors: thrown.map((error) => errors.get(error).code).sort(),
      });
    }
    for (const [name, shape] of shapes) {
      if (shape.enum) entries.push({ of: `${service} enumeration ${name}`, values: shape.enum.toSorted() });
      if (shape.type !== "structure") continue;
      entries.push({ of: `${service} structure ${name}`, members: Object.keys(shape.members).sort() });
    }
  }
  return entries.sort((a, b) => (a.of < b.of ? -1 : 1));
}

/** Names what one list has and the other lacks: `iam structure User: member Path`. */
function missing(entries, from) {
  const known = new Map(from.map((entry) => [entry.of, entry]));
  return entries.flatMap((entry) => {
    const there = known.get(entry.of);
    if (there === undefined) return [entry.of];
    return Object.entries(PARTS).flatMap(([part, word]) =>
      (entry[part] ?? [])
        .filter((name) => !(there[part] ?? []).includes(name))
        .map((name) => `${entry.of}: ${word} ${name}`),
    );
  });
}

/** One line for each thing that is new or gone. @param file the list of what is handled, where it is another one */
export function news(descriptions, file = HANDLED) {
  const present = inventory(descriptions);
  const handled = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  return [
    ...missing(present, handled).map((name) => `not handled: ${name}`),
    ...missing(handled, present).map((name) => `gone from the models: ${name}`),
  ];
}

export function writeHandled(descriptions) {
  const lines = inventory(descriptions).map((entry) => `${JSON.stringify(entry)}\n`);
  writeFileSync(HANDLED, lines.join(""));
}
