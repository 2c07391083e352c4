import { expect, test } from "vitest";
import { TurnEnd } from "../../src/http/turn-end.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("never acts inside add, however many are added and whoever adds", async () => {
  const acted: number[][] = [];
  let depth = 0;
  let left = 100_000;
  const end: TurnEnd<number> = new TurnEnd((gathered) => {
    expect(depth++).toBe(0);
    acted.push([...gathered]);
    // An answer lets the next request in.
    for (const item of gathered) if (left-- > 0) end.add(item);
    depth--;
  });
  for (let item = 0; item < 100; item++) end.add(item);
  expect(acted).toEqual([]);
  await turn();
  expect(acted).toEqual([Array.from({ length: 32 }, (_, item) => item)]);
  // In the order in which they came: those that were added meanwhile are behind.
  await turn();
  expect(acted[1]![0]).toBe(32);
  while (left > 0) await turn();
  expect(acted.every(({ length }) => length === 32)).toBe(true);
});

test("flush acts at once on what has gathered, and leaves what is too much for one turn", async () => {
  const acted: number[] = [];
  const end = new TurnEnd<number>((gathered) => acted.push(gathered.length));
  end.flush();
  for (let item = 0; item < 40; item++) end.add(item);
  end.flush();
  expect(acted).toEqual([32]);
  await turn();
  expect(acted).toEqual([32, 8]);
  await turn();
  expect(acted).toEqual([32, 8]);
});
