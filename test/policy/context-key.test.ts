/** The table of context keys beside what AWS publishes. */
import { describe, expect, it, test } from "vitest";
import { loadServiceData } from "../../src/cli/service-data.ts";
import { contextKeys, foldedName, knownContextKey, ownNamespaces } from "../../src/policy/context-key.ts";
import type { ContextKey } from "../../src/policy/context-key.ts";
import { validate } from "../../src/policy/index.ts";

const keys = Object.keys(contextKeys) as ContextKey[];

describe("a context key", async () => {
  const services = await loadServiceData(ownNamespaces);

  test.each(keys.filter((key) => !key.startsWith("rolecall:")))("%s is what AWS says it is", (key) => {
    const namespace = key.slice(0, key.indexOf(":"));
    // What a SAML assertion gives is there while STS is called.
    const prefix = namespace === "saml" ? "sts" : namespace;
    const published = [...services.globalKeys, ...(services.service(prefix)?.conditionKeys ?? [])];
    const { type, values } = contextKeys[key];
    expect(published.find((one) => one.key === key)).toEqual({ key, type, multivalued: values === "many" });
  });

  test.each(keys)("%s is found in any case, and no name that only looks like it", (key) => {
    const written = key.replace("${TagKey}", "Team/x");
    expect(knownContextKey(written.toLowerCase())?.name).toBe(key);
    expect(knownContextKey(`${foldedName(key)}${key.includes("$") ? "" : "x"}`)).toBeUndefined();
    expect(knownContextKey(`x${written.toLowerCase()}`)).toBeUndefined();
  });
});

it("is judged by `validate` without service data", () => {
  const Condition = { Bool: { "AWS:principalarn": "true" }, StringEquals: { "aws:TagKeys": "x", "iam:Unknown": "x" } };
  const statement = { Effect: "Allow", Action: "iam:GetUser", Resource: "*", Condition };
  const found = validate(JSON.stringify({ Version: "2012-10-17", Statement: statement }), { kind: "identity" });
  expect(found.map(({ code, path }) => [code, path])).toEqual([
    ["TYPE_MISMATCH", 'Statement.Condition.Bool["AWS:principalarn"]'],
    ["MISSING_QUALIFIER", 'Statement.Condition.StringEquals["aws:TagKeys"]'],
  ]);
});
