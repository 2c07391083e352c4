/** What a service outside may say of its request, and that nothing of it passes for what rolecall knows. */
import { beforeAll, expect, test } from "vitest";
import { contextKeys, knownContextKey } from "../../../src/policy/context-key.ts";
import type { ContextKey } from "../../../src/policy/context-key.ts";
import { foldName } from "../../../src/policy/name.ts";
import { casesIn } from "../../harness/cases.ts";
import { jsonFaultOf } from "../../harness/http.ts";
import type { Caller } from "../../harness/clients.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { received } from "../../harness/received.ts";
import { accountA, allow, arn, deny, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

interface Row {
  readonly name: string;
  /** Key and values. */
  readonly context: readonly (readonly [string, ...string[]])[];
  /** Tags of the resource: key and value. */
  readonly tags?: readonly (readonly [string, string])[];
  readonly fault?: string;
  /** What policies see by folded name; null for a key that is absent. */
  readonly sees?: Readonly<Record<string, string | readonly string[] | null>>;
}

const rows = casesIn<Row>("services/given-context.jsonl");

test("every key of the table has a row: whether a service may say it", () => {
  const said = new Set(rows.flatMap(({ context }) => context.map(([key]) => knownContextKey(foldName(key))?.name)));
  expect(Object.keys(contextKeys).filter((key) => !said.has(key as ContextKey))).toEqual([]);
});

/** The condition that holds where a key has a value, and that one alone. */
function condition(key: string, value: string | readonly string[] | null): object {
  if (value === null) return { Null: { [key]: "true" } };
  if (typeof value === "string") return { StringEquals: { [key]: value } };
  return { "ForAllValues:StringEquals": { [key]: value }, Null: { [key]: "false" } };
}

onEachDatabase("what a service says of its request", (start) => {
  let world: World;
  let shop: Caller;
  let bob: Caller;

  const ask = (by: Caller, more: object) =>
    shop.rolecall("Authorize", {
      Request: received(by.keys),
      Service: "shop",
      Action: "shop:Buy",
      Resources: ["arn:aws:shop:::goods/1"],
      ...more,
    });

  beforeAll(async () => {
    world = await startWorld(start);
    shop = await world.user(world.a, "shop", allow("rolecall:Authorize", `arn:aws:rolecall::${accountA}:service/shop`));
    bob = await world.user(world.a, "bob");
  });

  test.each(rows)("$name", async ({ context, tags = [], fault, sees = {} }) => {
    const said = {
      Context: context.map(([Key, ...Values]) => ({ Key, Values })),
      ResourceTags: tags.map(([Key, Value]) => ({ Key, Value })),
    };
    if (fault !== undefined) {
      expect(jsonFaultOf(await ask(bob, said))).toBe(fault);
      return;
    }
    for (const [key, value] of Object.entries(sees)) {
      const granted = {
        ...allow("shop:Buy"),
        Principal: { AWS: arn(accountA, "user/bob") },
        Condition: condition(key, value),
      };
      const { body } = await ask(bob, { ...said, ResourcePolicy: document(granted) });
      expect(body.Allowed, key).toBe(true);
    }
  });

  test("a session that was revoked stays so", async () => {
    const revoked = { DateLessThan: { "aws:TokenIssueTime": "2100-01-01T00:00:00Z" } };
    const hat = await world.role(
      world.a,
      "hat",
      trust({ AWS: accountA }),
      allow("shop:Buy"),
      deny("*", "*", { Condition: revoked }),
    );
    await world.a.iam.putUserPolicy({
      UserName: "bob",
      PolicyName: "p",
      PolicyDocument: document(allow("sts:AssumeRole", hat)),
    });
    const session = await world.assume(bob, hat);
    expect((await ask(session, {})).body).toMatchObject({ Verified: true, Allowed: false });
    for (const Key of ["aws:TokenIssueTime", "AWS:TOKENISSUETIME", "aws:To\u212aenIssueTime"]) {
      const { status } = await ask(session, { Context: [{ Key, Values: ["2200-01-01T00:00:00Z"] }] });
      expect(status, Key).toBe(400);
    }
  });
});
