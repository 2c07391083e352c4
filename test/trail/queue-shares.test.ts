import { expect, test } from "vitest";
import { QueueShares } from "../../src/trail/queue-shares.ts";

test("nobody has too much while there is room for all", () => {
  const shares = new QueueShares();
  shares.add("ann", 31_000_000, 31_999_999);
  expect(shares.exceeds("ann")).toBe(false);
});

test("who fills a crowded queue waits, others do not, until it is written", () => {
  const shares = new QueueShares();
  for (let waiting = 32_000_000; waiting < 50_000_000; waiting += 100_000) {
    shares.add("eve", 99_000, waiting);
    shares.add("bob", 1000, waiting);
  }
  expect([shares.exceeds("eve"), shares.exceeds("bob"), shares.exceeds("ann")]).toEqual([true, false, false]);
  shares.written(33_000_000);
  expect(shares.exceeds("eve")).toBe(true);
  shares.written(0);
  expect(shares.exceeds("eve")).toBe(false);
});
