/** `rolecall sessions revoke`: which sessions of a role are over with the next request, and which are not. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Started } from "../../../src/launch/runtime.ts";
import { caller, refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { emptyDirectory, rolecall, serveIn } from "../../harness/cli.ts";
import { allow, document, trust } from "../../harness/world.ts";

const directory = emptyDirectory();
const PolicyName = "AWSRevokeOlderSessions";
let served: Started;
let url: string;
let administrator: Caller;
let account: string;

beforeAll(async () => {
  served = await serveIn(directory.path);
  const { out } = await rolecall(directory.path, ["env", "--json"]);
  const { AccountId, ...variables } = JSON.parse(out) as Record<string, string>;
  account = AccountId!;
  url = variables["AWS_ENDPOINT_URL"]!;
  administrator = caller(url, {
    accessKeyId: variables["AWS_ACCESS_KEY_ID"]!,
    secretAccessKey: variables["AWS_SECRET_ACCESS_KEY"]!,
  });
});
afterAll(async () => {
  await served.close();
  directory.remove();
});

const revoke = (...words: readonly string[]) => rolecall(directory.path, ["sessions", "revoke", ...words]);

/** @returns whoever asks for a session of the new role */
async function newRole(RoleName: string) {
  const Path = "/of/sessions/";
  const AssumeRolePolicyDocument = trust({ AWS: account }, ["sts:AssumeRole", "sts:SetSourceIdentity"]);
  const { Role } = await administrator.iam.createRole({ RoleName, Path, AssumeRolePolicyDocument });
  await administrator.iam.putRolePolicy({
    RoleName,
    PolicyName: "own",
    PolicyDocument: document(allow("iam:ListUsers")),
  });
  return async (RoleSessionName: string, SourceIdentity?: string): Promise<Caller> => {
    const asked = { RoleArn: Role!.Arn!, RoleSessionName, SourceIdentity };
    return caller(url, sessionKeys((await administrator.sts.assumeRole(asked)).Credentials));
  };
}

const isOver = async ({ iam }: Caller): Promise<boolean> =>
  iam.listUsers({}).then(
    () => false,
    async () => /explicit deny in an identity-based policy/.test(await refusal(iam.listUsers({}))),
  );

test("all until now, of the running second too, and none of those that begin behind it", async () => {
  const assume = await newRole("all");
  const former = [await assume("first"), await assume("second", "ann")];
  const { code, out } = await revoke(`arn:aws:iam::${account}:role/of/sessions/all`);
  expect(code).toBe(0);
  expect(out).toMatch(/^revoked   all sessions of all that began before 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.999Z\n$/);
  const latter = await assume("first");
  expect(await Promise.all([...former, latter].map(isOver))).toEqual([true, true, false]);
  const { PolicyDocument } = await administrator.iam.getRolePolicy({ RoleName: "all", PolicyName });
  expect(JSON.parse(decodeURIComponent(PolicyDocument!))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Action: ["*"],
        Resource: ["*"],
        Condition: { DateLessThan: { "aws:TokenIssueTime": /before (\S+)/.exec(out)![1] } },
      },
    ],
  });
});

test("those of one name, or of one source identity, beside what the policy says already", async () => {
  const assume = await newRole("some");
  const own = { Effect: "Deny", Action: "iam:CreateUser", Resource: "*" };
  await administrator.iam.putRolePolicy({ RoleName: "some", PolicyName, PolicyDocument: document(own) });
  const [ann, bob, carl] = [await assume("one", "ann"), await assume("two", "bob"), await assume("three", "carl")];
  const { out } = await revoke("some", "--source-identity", "ann", "--json");
  expect(JSON.parse(out)).toEqual({
    RoleName: "some",
    PolicyName,
    IssuedBefore: expect.stringMatching(/\.999Z$/) as string,
    "aws:SourceIdentity": "ann",
  });
  expect((await revoke("some", "--session-name", "two")).out).toMatch(/^revoked   sessions with the name two of some/);
  const later = await assume("two", "ann");
  expect(await Promise.all([ann, bob, carl, later].map(isOver))).toEqual([true, true, false, false]);
  const { PolicyDocument } = await administrator.iam.getRolePolicy({ RoleName: "some", PolicyName });
  const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument!)) as { Statement: readonly object[] };
  expect(Statement[0]).toEqual(own);
  expect(Statement).toHaveLength(3);
});

test("however many revoke at once, all of it stands", async () => {
  const assume = await newRole("crowd");
  const names = ["ann", "bob", "carl"];
  const sessions = await Promise.all(names.map((name) => assume("session", name)));
  const said = await Promise.all(names.map((name) => revoke("crowd", "--source-identity", name)));
  expect(said.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await Promise.all(sessions.map(isOver))).toEqual([true, true, true]);
});

test("what cannot be done is said", async () => {
  expect(await revoke()).toMatchObject({ code: 2, err: expect.stringContaining("needs the name of a role") as string });
  expect(await revoke("none")).toMatchObject({
    code: 1,
    err: expect.stringContaining("NoSuchEntity: The role with name none cannot be found.") as string,
  });
});
