import { allowRole, assume, curl, document, makeRole, policy } from "./acts.ts";
import { bobAsFoo } from "./hat.ts";
import { fooArn } from "./preparation.ts";
import type { Stage } from "./stage.ts";
import type { Step } from "./step.ts";

const chapter = "A hat on a hat";
export const bobAsBar = "Bob as bar";

const barArn = (stage: Stage): string => `arn:aws:iam::${stage.cast.b.id}:role/bar`;
const barTrust = (stage: Stage): string =>
  policy({ Effect: "Allow", Principal: { AWS: fooArn(stage) }, Action: "sts:AssumeRole" });
const barPermissions = policy({
  Effect: "Allow",
  Action: "documents:PutDocument",
  Resource: "arn:aws:documents:::reports/*",
});

function putOnFor(seconds: number) {
  return {
    chapter,
    command: (stage: Stage) =>
      `aws sts assume-role --role-arn ${barArn(stage)} --role-session-name bob --duration-seconds ${seconds}`,
    act: (stage: Stage) =>
      assume(stage, bobAsFoo, { roleArn: barArn(stage), sessionName: "bob", holder: bobAsBar, seconds }),
  };
}

export const chainSteps: readonly Step[] = [
  {
    chapter,
    title: "B makes the role bar, which trusts foo, may write reports, and lasts up to twelve hours.",
    command: (stage) =>
      `aws iam create-role --role-name bar --max-session-duration 43200 --assume-role-policy-document '${barTrust(stage)}'`,
    act: async (stage) => {
      const made = await makeRole(stage, "the administrator of B", {
        name: "bar",
        trust: barTrust(stage),
        maxSeconds: 43_200,
      });
      await allowRole(stage, "the administrator of B", "bar", "write", barPermissions);
      return made;
    },
    expect: { says: barArn },
    why: "A role can be trusted like a user.",
  },
  {
    ...putOnFor(7200),
    title: "As foo, Bob tries to put on bar for two hours.",
    expect: { fault: "ValidationError", says: "exceeds the 1 hour session limit for roles assumed by role chaining" },
    why: "bar allows twelve hours, but a hat put on over another lasts an hour at most.",
  },
  {
    ...putOnFor(3600),
    title: "As foo, he puts on bar for one hour.",
    expect: { says: "assumed-role/bar/bob" },
    why: "foo and bar are of one account: the trust policy's word for foo is enough.",
  },
  {
    chapter,
    title: "As bar he writes the report.",
    command: (stage) => curl(stage, "PUT", "/reports/q3.txt"),
    act: (stage) => document(stage, bobAsBar, "PUT", "/reports/q3.txt", "all is even better"),
    expect: { says: "204" },
    why: "bar may write, which foo may not.",
  },
];
