import { allowRole, allowUser, curl, document, hireUser, makeRole, policy, whoAmI } from "./acts.ts";
import { startExampleService } from "./example-service.ts";
import type { Stage } from "./stage.ts";
import type { Step } from "./step.ts";

const chapter = "Two accounts, a user and a role";

export const bobArn = (stage: Stage): string => `arn:aws:iam::${stage.cast.a.id}:user/Bob`;
export const fooArn = (stage: Stage): string => `arn:aws:iam::${stage.cast.b.id}:role/foo`;

const ownPermissions = policy({
  Effect: "Allow",
  Action: "documents:GetDocument",
  Resource: "arn:aws:documents:::notes/*",
});
const fooTrust = (stage: Stage): string =>
  policy({ Effect: "Allow", Principal: { AWS: bobArn(stage) }, Action: "sts:AssumeRole" });
const fooPermissions = policy(
  {
    Effect: "Allow",
    Action: ["documents:GetDocument", "documents:ListBucket"],
    Resource: ["arn:aws:documents:::reports", "arn:aws:documents:::reports/*"],
  },
  { Effect: "Allow", Action: "iam:ListRoles", Resource: "*" },
);
const askPermission = policy({
  Effect: "Allow",
  Action: "rolecall:Authorize",
  Resource: "arn:aws:rolecall::*:service/documents",
});

export const preparationSteps: readonly Step[] = [
  {
    chapter,
    title: "The administrator of account A asks who they are.",
    command: () => "aws sts get-caller-identity",
    act: (stage) => whoAmI(stage, "the administrator of A"),
    expect: { says: (stage) => `arn:aws:iam::${stage.cast.a.id}:user/administrator` },
    why: "Every request is signed with an access key; the server finds the key, checks the signature and knows the user.",
  },
  {
    chapter,
    title: "In A, the administrator makes the user Bob, with an access key.",
    command: () => "aws iam create-user --user-name Bob && aws iam create-access-key --user-name Bob",
    act: (stage) => hireUser(stage, "the administrator of A", "Bob", "Bob"),
    expect: { says: (stage) => bobArn(stage) },
    why: "A new user may do nothing at all: whatever is not allowed is denied.",
  },
  {
    chapter,
    title: "Bob gets a permission of his own: to read documents in the bucket `notes`.",
    command: () => `aws iam put-user-policy --user-name Bob --policy-name own --policy-document '${ownPermissions}'`,
    act: (stage) => allowUser(stage, "the administrator of A", "Bob", "own", ownPermissions),
    expect: { says: "Bob has the policy own" },
    why: "It will be seen when it counts, and when it does not.",
  },
  {
    chapter,
    title: "In B, the administrator makes the role foo. Its trust policy names Bob.",
    command: (stage) => `aws iam create-role --role-name foo --assume-role-policy-document '${fooTrust(stage)}'`,
    act: (stage) => makeRole(stage, "the administrator of B", { name: "foo", trust: fooTrust(stage) }),
    expect: { says: (stage) => fooArn(stage) },
    why: "A role is a hat: it has no key. The trust policy says who may put it on. The server remembers which Bob is meant: another user of that name later would not be trusted.",
  },
  {
    chapter,
    title: "foo gets its permissions: to read and list documents in `reports`, and to list roles.",
    command: () => `aws iam put-role-policy --role-name foo --policy-name work --policy-document '${fooPermissions}'`,
    act: (stage) => allowRole(stage, "the administrator of B", "foo", "work", fooPermissions),
    expect: { says: "foo has the policy work" },
    why: "The permissions policy says what whoever wears the hat may do.",
  },
  {
    chapter,
    title: "B runs a service of its own, documents in buckets, with credentials that may only ask rolecall.",
    command: () => "node examples/documents/service.mjs",
    act: async (stage) => {
      await hireUser(stage, "the administrator of B", "documents-service", "the documents service");
      await allowUser(stage, "the administrator of B", "documents-service", "ask", askPermission);
      // Bob comes from another account: his own policy is not enough, the bucket's must name him too.
      await startExampleService(stage, {
        notes: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: bobArn(stage) },
              Action: "documents:GetDocument",
              Resource: "arn:aws:documents:::notes/*",
            },
          ],
        },
      });
      return `documents in buckets on ${stage.documentsUrl}`;
    },
    expect: { says: "http://127.0.0.1:" },
    why: "The service knows no keys and no policies: for each request it asks rolecall:Authorize who signed it and whether they may.",
  },
  {
    chapter,
    title: "B's administrator puts a document into each bucket.",
    command: (stage) => curl(stage, "PUT", "/reports/q3.txt"),
    act: async (stage) => {
      await document(stage, "the administrator of B", "PUT", "/notes/todo.txt", "buy milk");
      return document(stage, "the administrator of B", "PUT", "/reports/q3.txt", "all is well");
    },
    expect: { says: "204" },
    why: "AdministratorAccess allows every action, also those of services that rolecall has never heard of.",
  },
];
