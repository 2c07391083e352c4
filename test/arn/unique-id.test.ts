import { describe, expect, it } from "vitest";
import { accessKeyId, accountOfId, uniqueId } from "../../src/arn/unique-id.ts";
import { SeededRandom } from "../harness/deterministic.ts";
import { seed } from "../harness/seed.ts";

describe("ids carry their account", () => {
  const random = new SeededRandom(seed);

  it("reads the account of a key id that AWS made", () => {
    expect(accountOfId("ASIAY34FZKBOKMUTVV7A")).toBe("609629065308");
  });

  it.each(["000000000000", "000000000001", "123456789012", "999999999999", "609629065308"])("%s", (account) => {
    for (let round = 0; round < 50; round++) {
      const key = accessKeyId("AKIA", account, random.bytes(12));
      const id = uniqueId("AROA", account, random.bytes(12));
      expect(key).toMatch(/^AKIA[A-Z2-7]{16}$/);
      expect(id).toMatch(/^AROA[A-Z2-7]{17}$/);
      expect(accountOfId(key)).toBe(account);
      expect(accountOfId(id)).toBe(account);
    }
  });

  it("begins with what AWS's own ids of that account begin with", () => {
    expect(accessKeyId("ASIA", "609629065308", random.bytes(12)).slice(0, 12)).toBe("ASIAY34FZKBO");
  });

  it.each(["", "AKIA", "AKIAIOSFODNN7EXAMPLE!", "akiaiosfodnn7example", "AKIA00000000000000000"])(
    "has no account in %j",
    (text) => expect(accountOfId(text)).toBeNull(),
  );
});
