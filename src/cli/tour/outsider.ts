import { allowUser, assume, hireUser, makeRole, policy } from "./acts.ts";
import type { Stage } from "./stage.ts";
import type { Step } from "./step.ts";

const chapter = "An outside party";
const externalId = "b-4711";

const auditArn = (stage: Stage): string => `arn:aws:iam::${stage.cast.b.id}:role/audit`;
const auditTrust = (stage: Stage): string =>
  policy({
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${stage.cast.c.id}:root` },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:ExternalId": externalId } },
  });
const mayAudit = policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "arn:aws:iam::*:role/audit" });

function tryWith(id: string | undefined) {
  return {
    chapter,
    command: (stage: Stage) =>
      `aws sts assume-role --role-arn ${auditArn(stage)} --role-session-name vera${id === undefined ? "" : ` --external-id ${id}`}`,
    act: (stage: Stage) =>
      assume(stage, "Vera", {
        roleArn: auditArn(stage),
        sessionName: "vera",
        holder: "Vera as audit",
        ...(id === undefined ? {} : { externalId: id }),
      }),
  };
}

export const outsiderSteps: readonly Step[] = [
  {
    chapter,
    title: "B makes the role audit for the company C, which audits many customers. It demands an external id.",
    command: (stage) => `aws iam create-role --role-name audit --assume-role-policy-document '${auditTrust(stage)}'`,
    act: (stage) => makeRole(stage, "the administrator of B", { name: "audit", trust: auditTrust(stage) }),
    expect: { says: auditArn },
    why: "C holds the hats of many. The id that B agreed on with C keeps others from sending C into B's account in their stead (the confused deputy).",
  },
  {
    chapter,
    title: "In C, Vera is hired and may put on any role audit.",
    command: () =>
      `aws iam create-user --user-name Vera && aws iam put-user-policy --user-name Vera --policy-name audit --policy-document '${mayAudit}'`,
    act: async (stage) => {
      const hired = await hireUser(stage, "the administrator of C", "Vera", "Vera");
      await allowUser(stage, "the administrator of C", "Vera", "audit", mayAudit);
      return hired;
    },
    expect: { says: "user/Vera" },
    why: "The trust policy names the whole account C; C decides which of its users.",
  },
  {
    ...tryWith(undefined),
    title: "Vera comes without the external id.",
    expect: { fault: "AccessDenied", says: "sts:AssumeRole" },
    why: "The trust policy's condition is not met.",
  },
  {
    ...tryWith("x-0815"),
    title: "Vera comes with another customer's id.",
    expect: { fault: "AccessDenied", says: "sts:AssumeRole" },
    why: "This is the very case the id is for.",
  },
  {
    ...tryWith(externalId),
    title: "Vera comes with the right one.",
    expect: { says: "assumed-role/audit/vera" },
    why: "Both accounts say yes and the condition is met.",
  },
];
