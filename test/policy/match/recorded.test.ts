/** What AWS answered to conditions, in September 2026: every condition under Allow and under Deny, to engine and oracle. */
import { describe, expect, test } from "vitest";
import { compile, contextOf, evaluate } from "../../../src/policy/index.ts";
import type { ContextValue, Request } from "../../../src/policy/types.ts";
import { casesIn } from "../../harness/cases.ts";
import { decide } from "../../reference/oracle.ts";

interface Row {
  readonly condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  readonly context: Readonly<Record<string, ContextValue>>;
  /** Whether an Allow with the condition allowed, and whether a Deny with it denied; absent where it was not tried. */
  readonly allows?: boolean;
  readonly denies?: boolean;
}

const rows = casesIn<Row>("policy/recorded-conditions.jsonl");
const request = {
  principal: "arn:aws:iam::111122223333:user/ann",
  action: "iam:TagUser",
  resource: "arn:aws:iam::111122223333:user/bob",
  resourceAccount: "111122223333",
} as const;
const asked: Omit<Request, "context"> = {
  ...request,
  principal: { type: "User", account: "111122223333", arn: request.principal, id: "" },
};
const anything = { Effect: "Allow", Action: "*", Resource: "*" };

/** Whether the engine and the oracle allow, in this order. */
function outcomes({ condition, context }: Row, effect: "Allow" | "Deny"): [boolean, boolean] {
  const statement = { Effect: effect, Action: "iam:TagUser", Resource: "*", Condition: condition };
  const document = { Version: "2012-10-17", Statement: effect === "Allow" ? [statement] : [anything, statement] };
  const policies = { identity: [compile(JSON.stringify(document), "identity")] };
  const engine = evaluate({ ...asked, context: contextOf(context) }, policies).allowed;
  const oracle = decide({ request: { ...request, context }, policies: { identity: [document] } });
  return [engine, oracle === "Allowed"];
}

describe("a recorded condition", () => {
  const tried = (row: Row) => ({
    ...row,
    name: `${JSON.stringify(row.condition)} with ${JSON.stringify(row.context)}`,
  });
  const allowing = rows.filter(({ allows }) => allows !== undefined).map(tried);
  test.each(allowing)("Allow, $name", (row) => {
    expect(outcomes(row, "Allow")).toEqual([row.allows, row.allows]);
  });

  const denying = rows.filter(({ denies }) => denies !== undefined).map(tried);
  test.each(denying)("Deny, $name", (row) => {
    expect(outcomes(row, "Deny")).toEqual([!row.denies, !row.denies]);
  });
});
