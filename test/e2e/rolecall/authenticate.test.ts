/** rolecall:Authenticate: a service outside asks whose a password, a secret or an SSH key is, and what he may do then. */
import { generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { parseSshPublicKey, sha256Fingerprint, sshLine } from "../../../src/session/ssh-public-key.ts";
import type { Caller } from "../../harness/clients.ts";
import { TestClock } from "../../harness/deterministic.ts";
import { jsonFaultOf } from "../../harness/http.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import { accountA, accountB, allow, arn, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const codecommit = "codecommit.amazonaws.com";
const bedrock = "bedrock.amazonaws.com";
const repository = "arn:aws:codecommit:us-east-1:111122223333:repo";
const refusal = { Authenticated: false, EventId: expect.any(String) as string };

function newSshKey(): string {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return publicKey.export({ type: "spki", format: "pem" }) as string;
}

onEachDatabase("rolecall:Authenticate", (start) => {
  const clock = new TestClock(Date.now());
  let world: World;
  let git: Caller;
  let count = 0;

  beforeAll(async () => {
    // Its clock goes on by days here, the signatures of its callers do not.
    world = await startWorld(start, { clock, clockSkew: 100 * 3_600_000 });
    const own = allow(["rolecall:Authenticate", "rolecall:Authorize"], [
      `arn:aws:rolecall::${accountA}:service/codecommit*`,
      `arn:aws:rolecall::${accountA}:service/bedrock*`,
    ] as never);
    git = await world.user(world.a, "git", own);
  });

  async function holder(of: Caller = world.a, ServiceName = codecommit, more: { CredentialAgeDays?: number } = {}) {
    const UserName = `holder-${count++}`;
    await of.iam.createUser({ UserName });
    const made = await of.iam.createServiceSpecificCredential({ UserName, ServiceName, ...more });
    const credential = made.ServiceSpecificCredential!;
    const proof = { UserName: credential.ServiceUserName, Password: credential.ServicePassword };
    return { UserName, credential, id: credential.ServiceSpecificCredentialId!, proof };
  }

  const ask = (question: object, by: Caller = git) => by.rolecall("Authenticate", { Service: codecommit, ...question });
  const may = (Token: string, more: object = {}, by: Caller = git) =>
    by.rolecall("Authorize", {
      Token,
      Service: "codecommit",
      Action: "codecommit:GitPull",
      Resources: [repository],
      ...more,
    });
  /** The last record of the operation in an account. */
  const recorded = async (account: string) =>
    (await trailEvents(world.server)).find(
      (event) => event.eventName === "Authenticate" && event.recipientAccountId === account,
    )! as unknown as Record<string, object>;

  test("a user name and a password: who it is, with which credential", async () => {
    const { UserName, id, proof } = await holder();
    const { User } = await world.a.iam.getUser({ UserName });
    expect((await ask(proof)).body).toEqual({
      Authenticated: true,
      Principal: {
        Type: "User",
        Arn: arn(accountA, `user/${UserName}`),
        UserId: User!.UserId,
        UserName,
        Account: accountA,
      },
      CredentialId: id,
      Token: expect.any(String) as string,
      TokenExpiration: clock.now() / 1000 + 12 * 3600,
      EventId: expect.any(String) as string,
    });
    // After a renaming it is the same name at the service, and the present one in IAM.
    await world.a.iam.updateUser({ UserName, NewUserName: `${UserName}-new` });
    expect((await ask(proof)).body.Principal).toMatchObject({ UserName: `${UserName}-new` });
    expect(JSON.stringify(await recorded(accountA))).toContain(id);
    // Neither in the record of its making.
    expect(JSON.stringify(await trailEvents(world.server))).not.toContain(proof.Password);
  });

  describe("is refused in one way, and the trail of the account says why", () => {
    test.each([
      ["wrong secret", async ({ proof }) => ({ ...proof, Password: `${proof.Password!.slice(1)}A` })],
      [
        "inactive",
        async ({ proof, id, UserName }) => {
          await world.a.iam.updateServiceSpecificCredential({
            UserName,
            ServiceSpecificCredentialId: id,
            Status: "Inactive",
          });
          return proof;
        },
      ],
      [
        "wrong secret",
        async ({ proof, id, UserName }) => {
          await world.a.iam.resetServiceSpecificCredential({ UserName, ServiceSpecificCredentialId: id });
          return proof;
        },
      ],
      [
        "expired",
        async ({ proof }) => {
          clock.advance(86_400_000);
          return proof;
        },
      ],
    ] as [string, (made: Awaited<ReturnType<typeof holder>>) => Promise<object>][])("%s", async (reason, question) => {
      const made = await holder(world.a, codecommit, { CredentialAgeDays: 1 });
      expect((await ask(await question(made))).body).toEqual(refusal);
      const { additionalEventData, userIdentity } = await recorded(accountA);
      const askedFor = { arn: arn(accountA, `user/${made.UserName}`), credentialId: made.id };
      expect(additionalEventData).toMatchObject({ verified: false, fault: reason, askedFor });
      expect(userIdentity).toMatchObject({ arn: arn(accountA, "user/git") });
    });

    test("unknown, deleted, of another service, or in another form", async () => {
      const { UserName, id, proof } = await holder();
      expect((await ask({ ...proof, UserName: `nobody-at-${accountA}` })).body).toEqual(refusal);
      expect((await ask({ ...proof, Service: bedrock })).body).toEqual(refusal);
      expect((await ask({ Secret: proof.Password })).body).toEqual(refusal);
      await world.a.iam.deleteServiceSpecificCredential({ UserName, ServiceSpecificCredentialId: id });
      await world.a.iam.deleteUser({ UserName });
      expect((await ask(proof)).body).toEqual(refusal);
    });
  });

  test("one secret that has the alias in it", async () => {
    const { UserName, credential } = await holder(world.a, bedrock);
    const Secret = credential.ServiceCredentialSecret!;
    expect((await ask({ Service: bedrock, Secret })).body).toMatchObject({
      Authenticated: true,
      Principal: { UserName },
    });
    expect((await ask({ Service: bedrock, Secret: `${Secret}A` })).body).toEqual(refusal);
    // The same user and service in the other form is nothing.
    const apart = { UserName: credential.ServiceCredentialAlias, Password: Secret };
    expect((await ask({ Service: bedrock, ...apart })).body).toEqual(refusal);
  });

  test("failed tries of a name are bounded, by the address of the client too, and good ones are not counted", async () => {
    const { proof } = await holder();
    const wrong = { ...proof, Password: "wrong", SourceIp: "203.0.113.7" };
    for (let tries = 0; tries < 10; tries++) expect((await ask(wrong)).body).toEqual(refusal);
    expect(jsonFaultOf(await ask(wrong))).toBe("ThrottlingException 400: Too many failed tries.");
    expect(jsonFaultOf(await ask({ ...proof, SourceIp: "203.0.113.7" }))).toMatch(/^ThrottlingException/);
    for (let tries = 0; tries < 12; tries++) {
      expect((await ask({ ...proof, SourceIp: "203.0.113.8" })).body.Authenticated).toBe(true);
    }
    clock.advance(6000);
    expect((await ask({ ...proof, SourceIp: "203.0.113.7" })).body.Authenticated).toBe(true);
  });

  describe("an SSH key", () => {
    async function uploaded(SSHPublicKeyBody: string) {
      const UserName = `ssh-${count++}`;
      await world.a.iam.createUser({ UserName });
      const { SSHPublicKey } = await world.a.iam.uploadSSHPublicKey({ UserName, SSHPublicKeyBody });
      return { UserName, id: SSHPublicKey!.SSHPublicKeyId!, md5: SSHPublicKey!.Fingerprint! };
    }

    test("by either fingerprint, or itself in either form", async () => {
      const pem = newSshKey();
      const { UserName, id, md5 } = await uploaded(pem);
      const { blob } = parseSshPublicKey(pem)!;
      const forms = [
        pem,
        `${sshLine(blob)} a comment`,
        `SHA256:${sha256Fingerprint(blob)}`,
        md5,
        `MD5:${md5.toUpperCase()}`,
      ];
      for (const SshKey of forms) {
        const { body } = await ask({ SshKey });
        expect(body).toMatchObject({ Authenticated: true, Principal: { UserName }, CredentialId: id });
      }
      expect((await ask({ SshKey: forms[2], UserName: "git" })).body).toEqual(refusal);
      await world.a.iam.updateSSHPublicKey({ UserName, SSHPublicKeyId: id, Status: "Inactive" });
      expect((await ask({ SshKey: pem })).body).toEqual(refusal);
      expect((await recorded(accountA))["additionalEventData"]).toMatchObject({ fault: "inactive" });
      for (const SshKey of [newSshKey(), "ssh-ed25519 AAAA", "SHA256:short"]) {
        expect((await ask({ SshKey })).body).toEqual(refusal);
      }
    });

    test("that several users have is whose the service says, else it is told of all of them", async () => {
      const SshKey = newSshKey();
      const [one, other] = [await uploaded(SshKey), await uploaded(SshKey)];
      const { body } = await ask({ SshKey });
      expect(body).toMatchObject({ Authenticated: false });
      const told = body.Holders.map((each: { Principal: { UserName: string } }) => each.Principal.UserName);
      expect(told.toSorted()).toEqual([one.UserName, other.UserName].toSorted());
      expect(body.Token).toBeUndefined();
      const byName = await ask({ SshKey, UserName: one.UserName });
      expect(byName.body).toMatchObject({ Authenticated: true, CredentialId: one.id });
      const byId = await ask({ SshKey, SshPublicKeyId: other.id });
      expect(byId.body).toMatchObject({ Authenticated: true, Principal: { UserName: other.UserName } });
      expect((await ask({ SshKey, SshPublicKeyId: other.id, UserName: one.UserName })).body).toEqual(refusal);
      // With one of them switched off it is the other's alone.
      await world.a.iam.updateSSHPublicKey({ UserName: one.UserName, SSHPublicKeyId: one.id, Status: "Inactive" });
      expect((await ask({ SshKey })).body).toMatchObject({ Authenticated: true, CredentialId: other.id });
    });

    test("of another account's user is nobody's: a key is public", async () => {
      const SSHPublicKeyBody = newSshKey();
      await world.b!.iam.createUser({ UserName: "foreign" });
      const { SSHPublicKey } = await world.b!.iam.uploadSSHPublicKey({ UserName: "foreign", SSHPublicKeyBody });
      expect((await ask({ SshKey: SSHPublicKeyBody })).body).toEqual(refusal);
      const { SSHPublicKeyId: SshPublicKeyId } = SSHPublicKey!;
      expect((await ask({ SshKey: SSHPublicKeyBody, SshPublicKeyId })).body).toEqual(refusal);
    });
  });

  test("another account's user is told of with his password; his account has the reason of a refusal", async () => {
    const { UserName, id, proof } = await holder(world.b!);
    expect((await ask(proof)).body).toMatchObject({ Authenticated: true, Principal: { Account: accountB } });
    expect((await recorded(accountB))["sharedEventID"]).toBe((await recorded(accountA))["sharedEventID"]);
    const wrong = await ask({ ...proof, Password: "wrong" });
    expect(wrong.body).toEqual(refusal);
    const own = await recorded(accountA);
    expect(Object.keys(own["additionalEventData"]!).toSorted()).toEqual(["RequestDetails", "verified"]);
    const theirs = await recorded(accountB);
    const askedFor = { arn: arn(accountB, `user/${UserName}`), credentialId: id };
    expect(theirs["additionalEventData"]).toMatchObject({ verified: false, fault: "wrong secret", askedFor });
    expect(theirs["requestParameters"]).toEqual({ service: codecommit, userName: proof.UserName });
    // Nothing in the service's record tells that there was somebody of that name.
    expect([own["sharedEventID"], theirs["sharedEventID"]]).toEqual([undefined, undefined]);
  });

  describe("what he may do then", () => {
    async function token() {
      const made = await holder();
      const { UserName } = made;
      const PolicyDocument = JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          allow("codecommit:GitPull", repository, { Condition: { StringEquals: { "aws:username": UserName } } }),
        ],
      });
      await world.a.iam.putUserPolicy({ UserName, PolicyName: "pull", PolicyDocument });
      const { body } = await ask(made.proof);
      return { ...made, Token: body.Token as string };
    }
    const invalid = { Verified: false, Allowed: false, Fault: { Code: "InvalidClientTokenId", Status: 403 } };

    test("rolecall:Authorize decides by his policies", async () => {
      const { Token, UserName } = await token();
      expect((await may(Token)).body).toMatchObject({
        Verified: true,
        Allowed: true,
        Principal: { Type: "User", Arn: arn(accountA, `user/${UserName}`) },
      });
      const push = await may(Token, { Action: "codecommit:GitPush" });
      expect(push.body).toMatchObject({ Verified: true, Allowed: false, Fault: { Code: "AccessDenied" } });
      expect(push.body.BodySigned).toBeUndefined();
    });

    test("a token is good for the service that asked, at that service, and nothing else makes one", async () => {
      const { Token } = await token();
      const everything = await world.user(world.a, "every-service", allow("rolecall:*"));
      expect((await may(Token, {}, everything)).body).toMatchObject(invalid);
      const elsewhere = { Service: "bedrock", Action: "bedrock:InvokeModel" };
      expect((await may(Token, elsewhere)).body).toMatchObject(invalid);
      for (const forged of [`${Token.slice(0, -2)}AA`, "AAAA", Token.slice(1)]) {
        expect((await may(forged)).body).toMatchObject(invalid);
      }
    });

    test("it ends with the credential, its secret, its user, and its time", async () => {
      const off = await token();
      const id = { UserName: off.UserName, ServiceSpecificCredentialId: off.id };
      await world.a.iam.updateServiceSpecificCredential({ ...id, Status: "Inactive" });
      expect((await may(off.Token)).body).toMatchObject(invalid);
      await world.a.iam.updateServiceSpecificCredential({ ...id, Status: "Active" });
      expect((await may(off.Token)).body).toMatchObject({ Allowed: true });
      await world.a.iam.resetServiceSpecificCredential(id);
      expect((await may(off.Token)).body).toMatchObject(invalid);
      const gone = await token();
      await world.a.iam.deleteServiceSpecificCredential({
        UserName: gone.UserName,
        ServiceSpecificCredentialId: gone.id,
      });
      expect((await may(gone.Token)).body).toMatchObject(invalid);
      const late = await token();
      clock.advance(12 * 3600 * 1000);
      expect((await may(late.Token)).body).toMatchObject({ Verified: false, Fault: { Code: "ExpiredToken" } });
    });

    test("a question is about a request or a token", async () => {
      expect(jsonFaultOf(await may(undefined as never))).toBe("ValidationException 400: Give either Request or Token.");
    });
  });

  test("only a service that may ask is answered, for itself", async () => {
    const { proof } = await holder();
    const nobody = await world.user(world.a, `nobody-${count++}`, allow("rolecall:Authorize", "*"));
    expect(jsonFaultOf(await ask(proof, nobody))).toMatch(
      /^AccessDenied 403: .* rolecall:Authenticate on resource: arn:aws:rolecall::111122223333:service\/codecommit.amazonaws.com/,
    );
    expect(jsonFaultOf(await ask({ ...proof, Service: "cassandra.amazonaws.com" }))).toMatch(/^AccessDenied/);
  });

  test.each([
    [{}, "Give one of Password, Secret and SshKey."],
    [{ Password: "p", Secret: "s" }, "Give one of Password, Secret and SshKey."],
    [{ Password: "p" }, "A Password needs a UserName."],
    [{ Secret: "s", UserName: "u" }, "A Secret has the name in it: leave UserName out."],
    [{ Secret: "s", SshPublicKeyId: "APKAXXXXXXXXXXXXXXXX" }, "SshPublicKeyId needs a SshKey."],
  ])("%j is no question", async (question, message) => {
    expect(jsonFaultOf(await ask(question))).toBe(`ValidationException 400: ${message}`);
  });
});
