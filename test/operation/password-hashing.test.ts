import { describe, expect, test } from "vitest";
import { PasswordHashing } from "../../src/operation/password-hashing.ts";

const cheap = { memoryCost: 8, timeCost: 1, parallelism: 1 };

/** What became of each, in the order of the calls. */
async function outcomes(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((each) => (each.status === "fulfilled" ? "done" : (each.reason as { code: string }).code));
}

describe("hashes of passwords", () => {
  test("are argon2id's, at OWASP's cost, each with a salt of its own", async () => {
    const hashing = new PasswordHashing();
    const [one, other] = [await hashing.hash("päss", "a"), await hashing.hash("päss", "a")];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
    expect(await hashing.matches("päss", one, "a")).toBe(true);
    expect(await hashing.matches("pass", one, "a")).toBe(false);
  });

  test("are made one at a time, senders taking turns", async () => {
    const hashing = new PasswordHashing(cheap);
    const order: string[] = [];
    const noted = (sender: string) => hashing.hash("x", sender).then(() => order.push(sender));
    await Promise.all(["a", "a", "a", "b", "c"].map(noted));
    expect(order).toEqual(["a", "a", "b", "c", "a"]);
  });

  test("wait in a line with an end: for each sender, and for all", async () => {
    const hashing = new PasswordHashing(cheap);
    const ofOne = Array.from({ length: 10 }, () => hashing.hash("x", "a"));
    const ofOther = hashing.hash("x", "b");
    expect(await outcomes([...ofOne, ofOther])).toEqual([...Array(9).fill("done"), "ServiceUnavailable", "done"]);
    const crowded = new PasswordHashing(cheap);
    const all = Array.from({ length: 250 }, (_, index) => crowded.hash("x", `sender ${index}`));
    expect((await outcomes(all)).filter((each) => each === "done")).toHaveLength(201);
  });

  test("go on after one that failed", async () => {
    const hashing = new PasswordHashing(cheap);
    await expect(hashing.matches("x", "no hash", "a")).rejects.toThrow();
    expect(await hashing.hash("x", "a")).toBeDefined();
  });
});
