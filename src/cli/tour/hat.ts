import { allowUser, assume, curl, document, policy, whoAmI } from "./acts.ts";
import { fooArn } from "./preparation.ts";
import type { Stage } from "./stage.ts";
import type { Step } from "./step.ts";

const chapter = "Bob puts on the hat";
export const bobAsFoo = "Bob as foo";

const mayAssume = (stage: Stage): string =>
  policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: fooArn(stage) });
const assumeCommand = (stage: Stage): string =>
  `aws sts assume-role --role-arn ${fooArn(stage)} --role-session-name bob`;
const sessionArn = (stage: Stage): string => `arn:aws:sts::${stage.cast.b.id}:assumed-role/foo/bob`;

const putOn = (stage: Stage): Promise<string> =>
  assume(stage, "Bob", { roleArn: fooArn(stage), sessionName: "bob", holder: bobAsFoo });

export const hatSteps: readonly Step[] = [
  {
    chapter,
    title: "Bob reads a note, as himself.",
    command: (stage) => curl(stage, "GET", "/notes/todo.txt"),
    act: (stage) => document(stage, "Bob", "GET", "/notes/todo.txt"),
    expect: { says: "200 buy milk" },
    why: "His own policy allows it and, as the bucket is another account's, the bucket's policy does too.",
  },
  {
    chapter,
    title: "Bob tries to put on foo.",
    command: assumeCommand,
    act: putOn,
    expect: { fault: "AccessDenied", says: "is not authorized to perform: sts:AssumeRole" },
    why: "foo trusts him, but his own account has not allowed him. Between two accounts both must say yes.",
  },
  {
    chapter,
    title: "A's administrator allows Bob to put on foo.",
    command: (stage) =>
      `aws iam put-user-policy --user-name Bob --policy-name hats --policy-document '${mayAssume(stage)}'`,
    act: (stage) => allowUser(stage, "the administrator of A", "Bob", "hats", mayAssume(stage)),
    expect: { says: "Bob has the policy hats" },
    why: "It holds for the very next request.",
  },
  {
    chapter,
    title: "Bob puts on foo.",
    command: assumeCommand,
    act: putOn,
    expect: { says: sessionArn },
    why: "He gets temporary credentials: a key, a secret and a session token, good for an hour.",
  },
  {
    chapter,
    title: "With these, who is he?",
    command: () => "aws sts get-caller-identity      (with the credentials of the session)",
    act: (stage) => whoAmI(stage, bobAsFoo),
    expect: { says: sessionArn },
    why: "A session of the role foo in account B, named bob.",
  },
  {
    chapter,
    title: "As foo he reads the report.",
    command: (stage) => curl(stage, "GET", "/reports/q3.txt"),
    act: (stage) => document(stage, bobAsFoo, "GET", "/reports/q3.txt"),
    expect: { says: "200 all is well" },
    why: "foo's policy allows it; the service asked rolecall and was told so.",
  },
  {
    chapter,
    title: "As foo he lists the roles of B.",
    command: () => "aws iam list-roles",
    act: async (stage) => {
      const { ListRolesCommand } = stage.iamCommands;
      const { Roles: roles = [] } = await stage.iam(bobAsFoo).send(new ListRolesCommand({}));
      return roles.map(({ RoleName: name }) => name).join(", ");
    },
    expect: { says: "foo" },
    why: "iam:ListRoles is in foo's policy.",
  },
  {
    chapter,
    title: "As foo he tries to overwrite the report.",
    command: (stage) => curl(stage, "PUT", "/reports/q3.txt"),
    act: (stage) => document(stage, bobAsFoo, "PUT", "/reports/q3.txt", "all is lost"),
    expect: { fault: "AccessDenied", says: "is not authorized to perform: documents:PutDocument" },
    why: "foo may read, not write. The service relays rolecall's words.",
  },
  {
    chapter,
    title: "As foo he tries to delete the role foo.",
    command: () => "aws iam delete-role --role-name foo",
    act: async (stage) => {
      const { DeleteRoleCommand } = stage.iamCommands;
      await stage.iam(bobAsFoo).send(new DeleteRoleCommand({ RoleName: "foo" }));
      return "deleted";
    },
    expect: { fault: "AccessDenied", says: "because no identity-based policy allows the iam:DeleteRole action" },
    why: "Not allowed is denied, and the message says which user, action, resource, and why.",
  },
  {
    chapter,
    title: "As foo he tries to read the note that is Bob's to read.",
    command: (stage) => curl(stage, "GET", "/notes/todo.txt"),
    act: (stage) => document(stage, bobAsFoo, "GET", "/notes/todo.txt"),
    expect: { fault: "AccessDenied", says: "documents:GetDocument" },
    why: "Under the hat he is foo and only foo: his own permissions are given up meanwhile, never added.",
  },
  {
    chapter,
    title: "He takes off the hat and reads the note.",
    command: (stage) => curl(stage, "GET", "/notes/todo.txt"),
    act: (stage) => document(stage, "Bob", "GET", "/notes/todo.txt"),
    expect: { says: "200 buy milk" },
    why: "With his own key he is Bob again, with what is Bob's.",
  },
];
