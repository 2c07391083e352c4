/** Quotas and names of a user's credentials, where several are made at the same time. */
import { generateKeyPairSync } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { onEachDatabase } from "../../harness/places.ts";
import { accountA, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

onEachDatabase("credentials that are made at once", (start) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(start);
    await world.a.iam.createUser({ UserName: "ann" });
  });

  /** Names of the faults. */
  async function faultsOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
    const settled = await Promise.allSettled(calls);
    return settled.flatMap((one) => (one.status === "rejected" ? [(one.reason as Error).name] : []));
  }

  test("of a service: two, each with a name of its own", async () => {
    const ServiceName = "codecommit.amazonaws.com";
    const make = () => world.a.iam.createServiceSpecificCredential({ UserName: "ann", ServiceName });
    expect(await faultsOf([1, 2, 3, 4, 5].map(make))).toEqual(Array(3).fill("LimitExceededException"));
    const { ServiceSpecificCredentials: made } = await world.a.iam.listServiceSpecificCredentials({ UserName: "ann" });
    const names = made!.map(({ ServiceUserName }) => ServiceUserName).toSorted();
    expect(names).toEqual([`ann+1-at-${accountA}`, `ann-at-${accountA}`]);
  });

  test("SSH keys: five, and one key once", async () => {
    const keys = Array.from({ length: 6 }, () => {
      const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      return publicKey.export({ type: "spki", format: "pem" }) as string;
    });
    const upload = (SSHPublicKeyBody: string) => world.a.iam.uploadSSHPublicKey({ UserName: "ann", SSHPublicKeyBody });
    expect(await faultsOf([upload(keys[0]!), upload(keys[0]!)])).toEqual(["DuplicateSSHPublicKeyException"]);
    expect(await faultsOf(keys.slice(1).map(upload))).toEqual(["LimitExceededException"]);
    expect((await world.a.iam.listSSHPublicKeys({ UserName: "ann" })).SSHPublicKeys).toHaveLength(5);
  });
});
