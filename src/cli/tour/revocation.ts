import { setTimeout as delay } from "node:timers/promises";
import { allowRole, assume, curl, document, policy } from "./acts.ts";
import { bobAsFoo } from "./hat.ts";
import { fooArn } from "./preparation.ts";
import type { Step } from "./step.ts";

const chapter = "Taking the hat away";

/** AWS's own way (IAM User Guide, "Revoke IAM role temporary security credentials"). */
const revocation = (before: string): string =>
  policy({ Effect: "Deny", Action: "*", Resource: "*", Condition: { DateLessThan: { "aws:TokenIssueTime": before } } });

export const revocationSteps: readonly Step[] = [
  {
    chapter,
    title: "B's administrator revokes all sessions of foo that were begun until now.",
    command: () =>
      `aws iam put-role-policy --role-name foo --policy-name AWSRevokeOlderSessions --policy-document '${revocation("NOW")}'`,
    act: async (stage) => {
      // Token times have whole seconds: sessions of the running second are meant too.
      const before = Math.ceil((Date.now() + 1) / 1000) * 1000;
      const document = revocation(new Date(before).toISOString());
      const said = await allowRole(stage, "the administrator of B", "foo", "AWSRevokeOlderSessions", document);
      await delay(before - Date.now());
      return said;
    },
    expect: { says: "foo has the policy AWSRevokeOlderSessions" },
    why: "A session asks its role's policies at every request. This one denies everything to tokens issued before a moment.",
  },
  {
    chapter,
    title: "Bob, who still wears foo, reads the report once more.",
    command: (stage) => curl(stage, "GET", "/reports/q3.txt"),
    act: (stage) => document(stage, bobAsFoo, "GET", "/reports/q3.txt"),
    expect: { fault: "AccessDenied", says: "with an explicit deny" },
    why: "An explicit deny wins over everything, from the next request on.",
  },
  {
    chapter,
    title: "He puts on foo afresh.",
    command: (stage) => `aws sts assume-role --role-arn ${fooArn(stage)} --role-session-name bob`,
    act: (stage) => assume(stage, "Bob", { roleArn: fooArn(stage), sessionName: "bob", holder: bobAsFoo }),
    expect: { says: "assumed-role/foo/bob" },
    why: "The role itself is as it was: who is trusted may come again.",
  },
  {
    chapter,
    title: "With the new session he reads the report.",
    command: (stage) => curl(stage, "GET", "/reports/q3.txt"),
    act: (stage) => document(stage, bobAsFoo, "GET", "/reports/q3.txt"),
    expect: { says: "200 all is even better" },
    why: "The new token was issued after the moment that the policy names.",
  },
];
