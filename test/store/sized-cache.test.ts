import { describe, expect, test } from "vitest";
import { SizedCache } from "../../src/store/sql/cache/sized-cache.ts";

interface Thing {
  readonly bytes: number;
}

const made = (maxBytes: number) => {
  const held = new Set<Thing>();
  const cache = new SizedCache<Thing>(maxBytes, ({ bytes }) => bytes, {
    came: (thing) => held.add(thing),
    gone: (thing) => held.delete(thing),
  });
  return { cache, held };
};

describe("a cache bounded by bytes", () => {
  test("never holds more than its bytes, whatever the sizes, and tells of all that comes and goes", () => {
    const { cache, held } = made(100_000);
    for (let index = 0; index < 5000; index++) {
      cache.set(`${index % 700}`, { bytes: (index * 7919) % 30_000 });
      if (index % 3 === 0) cache.get(`${(index * 31) % 700}`);
      if (index % 50 === 0) cache.delete(`${index % 700}`);
      expect(cache.bytes).toBeLessThanOrEqual(100_000);
      expect(held.size).toBe(cache.size);
    }
    while (cache.drop());
    expect([cache.size, cache.bytes, held.size]).toEqual([0, 0, 0]);
  });

  test("what is used again stays, however many come that are used once", () => {
    const { cache } = made(100_000);
    const hot = Array.from({ length: 5 }, () => ({ bytes: 5000 }));
    for (const [index, thing] of hot.entries()) cache.set(`hot ${index}`, thing);
    for (const index of hot.keys()) cache.get(`hot ${index}`);
    for (let index = 0; index < 10_000; index++) cache.set(`once ${index}`, { bytes: 5000 });
    expect(hot.map((_, index) => cache.get(`hot ${index}`))).toEqual(hot);
  });

  test("what is used all the time stays, also where others are used twice", () => {
    const { cache } = made(100_000);
    const hot = { bytes: 5000 };
    cache.set("hot", hot);
    for (let index = 0; index < 10_000; index++) {
      cache.set(`twice ${index}`, { bytes: 5000 });
      cache.get(`twice ${index}`);
      if (index % 10 === 0) expect(cache.get("hot")).toBe(hot);
    }
  });

  test("where there is room, nothing goes", () => {
    const { cache } = made(100_000);
    for (let index = 0; index < 90; index++) cache.set(`${index}`, { bytes: 900 });
    expect(cache.size).toBe(90);
    for (let index = 0; index < 90; index++) expect(cache.get(`${index}`)).toBeDefined();
  });

  test("what would leave no room for others is not kept, nor what it stands in the place of", () => {
    const { cache, held } = made(100_000);
    cache.set("a", { bytes: 100 });
    cache.set("a", { bytes: 25_001 });
    cache.set("b", { bytes: Infinity });
    expect([cache.get("a"), cache.get("b"), held.size]).toEqual([undefined, undefined, 0]);
  });

  test("what is over is swept away", () => {
    const { cache, held } = made(100_000);
    for (let index = 0; index < 10; index++) cache.set(`${index}`, { bytes: index });
    cache.get("1");
    cache.sweep(({ bytes }) => bytes % 2 === 1);
    expect([...held].map(({ bytes }) => bytes)).toEqual([0, 2, 4, 6, 8]);
    cache.clear();
    expect([cache.size, held.size]).toEqual([0, 0]);
  });
});
