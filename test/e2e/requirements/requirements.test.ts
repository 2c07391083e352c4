/**
 * The other side of every operation: who is allowed exactly what it needs succeeds, who lacks one of it is refused, and
 * every condition key that the Service Authorization Reference lists for it tells calls apart.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { notBuilt } from "../../../src/operation/operation.ts";
import { defaultQuotas } from "../../../src/operation/quotas.ts";
import { services } from "../../../src/services/services.ts";
import type { Caller } from "../../harness/clients.ts";
import { starter } from "../../harness/places.ts";
import { sdkFault } from "../../harness/sdk-call.ts";
import { allow, deny, startWorld } from "../../harness/world.ts";
import { needsOf } from "./need.ts";
import type { KeyValue, Need } from "./need.ts";
import { callsOf, makeCaller, ready, rows } from "./row.ts";
import type { Ready } from "./row.ts";

/** Whoever brings the proof in the input has no policies: trust policies alone judge (test/e2e/sts/saml.test.ts). */
const built = (["iam", "sts"] as const).flatMap((service) => {
  const { registry, codec } = services[service];
  const signed = Object.values(codec.contract.operations).filter(({ auth }) => auth === "sigv4");
  return signed.flatMap(({ name }) => (registry[name] === notBuilt ? [] : [name]));
});

test("every operation that is built has a row", () => {
  const named = new Set(rows.map(({ operation }) => operation));
  expect(built.filter((name) => !named.has(name))).toEqual([]);
});

describe("what each call needs", () => {
  const start = starter();
  let admin: Caller;
  let caller: Caller;
  let count = 0;

  beforeAll(async () => {
    // All rows are of one account.
    const counts = Object.keys(defaultQuotas).filter((name) => !name.includes("Size"));
    const many = Object.fromEntries(counts.map((name) => [name, 10_000]));
    const world = await startWorld(start, { quotas: { ...defaultQuotas, ...many } });
    admin = world.a;
    caller = await makeCaller(world);
  });

  const titled = rows
    .filter((row) => [row, ...callsOf(row)].every(({ operation }) => built.includes(operation)))
    .map((row) => ({ ...row, title: row.name === undefined ? row.operation : `${row.operation}, ${row.name}` }));

  test.each(titled)("$title", async (row) => {
    const call = await ready(admin, caller, `row-${count++}`, row);
    const needs = await needsOf(call);
    for (const need of needs) {
      await call.allow([allow("*"), deny(need.action, need.resource)]);
      expect(await refused(call), `all but ${need.action} on ${need.resource}`).toContain(need.action);
      for (const key of need.keys) {
        await call.allow([
          ...needs.filter((other) => other !== need).map((other) => granted(other)),
          granted(need, key),
        ]);
        expect(await refused(call), `${need.action} where ${key.key} is another`).toContain(need.action);
      }
    }
    await call.allow(needs.length === 0 ? [deny("*")] : needs.map((need) => granted(need)));
    if (call.row.fault === undefined) await call.call();
    else await expect(call.call().catch((error: unknown) => sdkFault(error))).resolves.toBe(call.row.fault);
  });
});

/** The statement that allows it, under conditions that hold; but for one, that does not. */
function granted({ action, resource, keys }: Need, but?: KeyValue): object {
  const conditions = keys.map((key) => [operatorOf(key), key.key, key === but ? another(key) : key.value] as const);
  const Condition: Record<string, Record<string, string>> = {};
  for (const [operator, key, value] of conditions) (Condition[operator] ??= {})[key] = value;
  return allow(action, resource, keys.length === 0 ? {} : { Condition });
}

function operatorOf({ type }: KeyValue): string {
  if (type === "ARN") return "ArnEquals";
  if (type === "Numeric") return "NumericEquals";
  return type === "ArrayOfString" ? "ForAnyValue:StringEquals" : "StringEquals";
}

function another({ type, value }: KeyValue): string {
  return type === "Numeric" ? `${Number(value) + 1}` : `${value}-not`;
}

/** The message of AccessDenied. */
async function refused(call: Ready): Promise<string> {
  const said = await call.call().then(
    () => "allowed",
    (error: unknown) => sdkFault(error),
  );
  return said.startsWith("AccessDenied") ? said : `not refused: ${said}`;
}
