import { describe, expect, test } from "vitest";
import { compile, contextOf, evaluate, principalFromArn } from "../../../src/policy/index.ts";
import { policiesOf, readCases, requestOf } from "../case-file.ts";

for (const file of ["aws-docs-tables", "oidc-trust", "simulate-recorded", "engine", "disagreements"]) {
  describe(file, () => {
    for (const one of readCases(file)) {
      // Errata: rows that contradict the definitions on their own page.
      if (one.errata) continue;
      test(one.id, () => {
        const { outcome, layer } = evaluate(requestOf(one), policiesOf(one));
        expect(one.expected === "Denied" && outcome.endsWith("Denied") ? "Denied" : outcome).toBe(one.expected);
        if (one.layer !== undefined) expect(layer).toBe(one.layer);
      });
    }
  });
}

// In a case file an empty list is no layer; in the engine it is a layer that is there and allows nothing: a boundary
// whose policy was deleted, a session whose policies are gone.
test.each([
  ["boundaries", "boundary", "arn:aws:iam::111122223333:user/ann"],
  ["boundaries", "boundary", "arn:aws:sts::111122223333:assumed-role/dev/s1"],
  ["session", "session", "arn:aws:sts::111122223333:assumed-role/dev/s1"],
  ["scps", undefined, "arn:aws:iam::111122223333:user/ann"],
])("an empty list of %s", (field, layer, principal) => {
  const everything = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}';
  const request = {
    principal: principalFromArn(principal),
    action: "s3:GetObject",
    resource: "arn:aws:s3:::b/k",
    resourceAccount: "111122223333",
    context: contextOf({}),
  };
  const decision = evaluate(request, { identity: [compile(everything, "identity")], [field]: [] });
  // No levels of an organization are no organization: each level that is there has to allow.
  if (layer === undefined) expect(decision.outcome).toBe("Allowed");
  else expect(decision).toMatchObject({ outcome: "ImplicitlyDenied", layer });
});
