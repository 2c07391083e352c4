import { afterEach, beforeEach, expect, it } from "vitest";
import { generateKeyPairSync } from "node:crypto";
import { account, Harness } from "../harness.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.open({ sshPublicKeysPerUser: 3 });
  await harness.ok("CreateUser", { UserName: "alice", Path: "/p/" });
});
afterEach(() => harness.close());

function newKey(): string {
  return generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
    type: "spki",
    format: "pem",
  }) as string;
}

function upload(body: string) {
  return harness.call("UploadSSHPublicKey", { UserName: "alice", SSHPublicKeyBody: body });
}

it("keys uploaded at once are as many as may be, and one key once; they are paged", async () => {
  const [one, ...others] = [newKey(), newKey(), newKey(), newKey()] as const;
  const same = await Promise.all([upload(one), upload(one)]);
  expect(same.filter(({ fault }) => fault === undefined)).toHaveLength(1);
  expect(same.find(({ fault }) => fault !== undefined)?.fault?.code).toBe("DuplicateSSHPublicKey");
  const more = await Promise.all(others.map(upload));
  expect(more.map(({ fault }) => fault?.code).filter((code) => code !== undefined)).toEqual(["LimitExceeded"]);

  const page = { UserName: "alice", MaxItems: 2 };
  const first = await harness.ok("ListSSHPublicKeys", page);
  expect(first).toMatchObject({ IsTruncated: true });
  const last = await harness.ok("ListSSHPublicKeys", { ...page, Marker: first.Marker! });
  expect(last).toMatchObject({ IsTruncated: false });
  const ids = [...first.SSHPublicKeys!, ...last.SSHPublicKeys!].map(({ SSHPublicKeyId }) => SSHPublicKeyId);
  expect(new Set(ids).size).toBe(3);
});

it.each([
  "UploadSSHPublicKey",
  "GetSSHPublicKey",
  "ListSSHPublicKeys",
  "UpdateSSHPublicKey",
  "DeleteSSHPublicKey",
] as const)("%s must be allowed of the user", async (name) => {
  const input = {
    UserName: "alice",
    SSHPublicKeyBody: "no key",
    SSHPublicKeyId: "APKAXXXXXXXXXXXXXXXXX",
    Encoding: "SSH",
    Status: "Active",
  } as const;
  expect(await harness.requirements(name, input)).toMatchObject([
    { action: `iam:${name}`, resource: `arn:aws:iam::${account}:user/p/alice`, shownAs: "user alice" },
  ]);
});
