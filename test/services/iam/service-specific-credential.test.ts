import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aliasIn, formOf, verifies } from "../../../src/session/service-credential.ts";
import * as serviceCredentials from "../../../src/store/iam/service-credentials.ts";
import { account, Harness } from "../harness.ts";

const codecommit = "codecommit.amazonaws.com";
const dayMs = 86_400_000;

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.open();
  await harness.ok("CreateUser", { UserName: "alice", Path: "/p/" });
});
afterEach(() => harness.close());

async function created(UserName: string, ServiceName = codecommit, CredentialAgeDays?: number) {
  const output = await harness.ok("CreateServiceSpecificCredential", { UserName, ServiceName, CredentialAgeDays });
  return output.ServiceSpecificCredential!;
}

describe("the secret of a service-specific credential", () => {
  it("is shown once, and verified by what is kept, which is not the secret", async () => {
    const made = await created("alice");
    const id = made.ServiceSpecificCredentialId;
    const stored = await harness.store((tx) => serviceCredentials.byId(tx, id));
    expect(verifies(stored!.verifier, id, made.ServicePassword!)).toBe(true);
    expect(verifies(stored!.verifier, "ACCAOTHER", made.ServicePassword!)).toBe(false);
    expect(Buffer.from(stored!.verifier).includes(Buffer.from(made.ServicePassword!))).toBe(false);

    const reset = await harness.ok("ResetServiceSpecificCredential", {
      UserName: "alice",
      ServiceSpecificCredentialId: id,
    });
    const anew = await harness.store((tx) => serviceCredentials.byId(tx, id));
    expect(verifies(anew!.verifier, id, made.ServicePassword!)).toBe(false);
    expect(verifies(anew!.verifier, id, reset.ServiceSpecificCredential!.ServicePassword!)).toBe(true);
  });

  it("of services that have no user names has the alias in it", async () => {
    const made = await created("alice", "bedrock.amazonaws.com");
    const form = formOf("bedrock.amazonaws.com", [])!;
    expect(aliasIn(form, made.ServiceCredentialSecret!)).toBe(made.ServiceCredentialAlias);
    expect(aliasIn(form, made.ServiceCredentialSecret!.slice(4))).toBeNull();
    expect(aliasIn(form, `${form}${Buffer.from("a\0b:c").toString("base64")}`)).toBeNull();
  });
});

describe("names at a service", () => {
  it("are nobody else's, also of users who came to a name later, or have one that looks numbered", async () => {
    await created("alice");
    await harness.ok("UpdateUser", { UserName: "alice", NewUserName: "bob" });
    await harness.ok("CreateUser", { UserName: "Alice" });
    await harness.ok("CreateUser", { UserName: "alice+1" });
    expect((await created("Alice")).ServiceUserName).toBe(`Alice+1-at-${account}`);
    expect((await created("alice+1")).ServiceUserName).toBe(`alice+1+1-at-${account}`);
    expect((await created("alice+1", "cassandra.amazonaws.com")).ServiceUserName).toBe(`alice+1-at-${account}`);
  });

  it("asked for at once are two, and two", async () => {
    const input = { UserName: "alice", ServiceName: codecommit };
    const answers = await Promise.all([1, 2, 3, 4].map(() => harness.call("CreateServiceSpecificCredential", input)));
    const names = answers.flatMap(({ output }) => output?.ServiceSpecificCredential?.ServiceUserName ?? []);
    expect(names.toSorted()).toEqual([`alice+1-at-${account}`, `alice-at-${account}`]);
  });

  it("may be at a service of one's own that the server is told of", async () => {
    const own = await created("alice", "billing.example.com");
    expect(own).toMatchObject({ ServiceUserName: `alice-at-${account}`, ServiceName: "billing.example.com" });
  });
});

it("ends when it was said to, and then shows so, also after a reset", async () => {
  const made = await created("alice", codecommit, 2);
  expect(made.ExpirationDate).toEqual(new Date(harness.clock.now() + 2 * dayMs));
  const list = () => harness.ok("ListServiceSpecificCredentials", { UserName: "alice" });
  harness.clock.advance(2 * dayMs - 1);
  expect((await list()).ServiceSpecificCredentials).toMatchObject([{ Status: "Active" }]);
  harness.clock.advance(1);
  expect((await list()).ServiceSpecificCredentials).toMatchObject([{ Status: "Expired" }]);
  const id = { UserName: "alice", ServiceSpecificCredentialId: made.ServiceSpecificCredentialId };
  const reset = await harness.ok("ResetServiceSpecificCredential", id);
  expect(reset.ServiceSpecificCredential).toMatchObject({ Status: "Expired", ExpirationDate: made.ExpirationDate });
});

it("lists of a user and of all users are paged, of one service too", async () => {
  await harness.ok("CreateUser", { UserName: "bob" });
  for (const user of ["alice", "bob"])
    for (const service of [codecommit, "bedrock.amazonaws.com"]) await created(user, service);
  const pagesOf = async (input: { UserName?: string; AllUsers?: boolean; ServiceName?: string }) => {
    const found: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await harness.ok("ListServiceSpecificCredentials", { ...input, MaxItems: 1, Marker });
      expect(page.ServiceSpecificCredentials).toHaveLength(1);
      found.push(...page.ServiceSpecificCredentials!.map((one) => `${one.UserName} ${one.ServiceName.split(".")[0]}`));
      expect(page.IsTruncated).toBe(page.Marker !== undefined);
      Marker = page.Marker;
    } while (Marker !== undefined);
    return found.toSorted();
  };
  expect(await pagesOf({ UserName: "alice" })).toEqual(["alice bedrock", "alice codecommit"]);
  expect(await pagesOf({ AllUsers: true })).toHaveLength(4);
  expect(await pagesOf({ AllUsers: true, ServiceName: "Bedrock.amazonaws.com" })).toEqual([
    "alice bedrock",
    "bob bedrock",
  ]);
});

describe("what must be allowed", () => {
  const onAlice = { resource: `arn:aws:iam::${account}:user/p/alice`, shownAs: "user alice" };

  it("names the service, of a credential that is the user's", async () => {
    const { ServiceSpecificCredentialId: id } = await created("alice");
    await harness.ok("CreateUser", { UserName: "bob" });
    const needed = (UserName: string) =>
      harness.requirements("ResetServiceSpecificCredential", { UserName, ServiceSpecificCredentialId: id });
    const service = "iam:ServiceSpecificCredentialServiceName";
    expect(await needed("alice")).toMatchObject([{ ...onAlice, context: { [service]: codecommit } }]);
    expect((await needed("bob"))[0]!.context).toEqual({ [service]: undefined });
  });

  it("of all users is the action on all of them", async () => {
    expect(await harness.requirements("ListServiceSpecificCredentials", { AllUsers: true })).toMatchObject([
      { resource: `arn:aws:iam::${account}:user/*` },
    ]);
    expect(await harness.requirements("ListServiceSpecificCredentials", { UserName: "alice" })).toMatchObject([
      onAlice,
    ]);
  });
});
