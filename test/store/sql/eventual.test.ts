import { describe, expect, it } from "vitest";
import { both, gather, gatherEach } from "../../../src/store/sql/eventual.ts";
import type { Eventual } from "../../../src/store/sql/eventual.ts";

/** All ways in which three answers can be there at once (false) or come later (true). */
const ways = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => [1, 2, 4].map((bit) => (bits & bit) !== 0));

describe("what is gathered", () => {
  it.each(ways)("is asked in order, each question with the answers before it (later: %s, %s, %s)", async (...later) => {
    const asked: unknown[][] = [];
    const answer = (place: number, value: string, ...before: string[]): Eventual<string> => {
      asked.push(before);
      return later[place] === true ? Promise.resolve(value) : value;
    };
    const result = gather(
      () => answer(0, "a"),
      (a) => answer(1, "b", a),
      (a, b) => answer(2, "c", a, b),
      (a, b, c) => [a, b, c],
    );
    expect(result instanceof Promise).toBe(later.includes(true));
    expect(await result).toEqual(["a", "b", "c"]);
    expect(asked).toEqual([[], ["a"], ["a", "b"]]);
    const two = gather(
      () => answer(0, "a"),
      (a) => answer(1, `${a}b`),
    );
    expect(await two).toBe("ab");
    const three = gather(
      () => answer(0, "a"),
      () => answer(1, "b"),
      (a, b) => answer(2, `${a}${b}c`),
    );
    expect(await three).toBe("abc");
    const pair = both(answer(0, "a"), answer(1, "b"));
    expect(pair instanceof Promise).toBe(later[0] === true || later[1] === true);
    expect(await pair).toEqual(["a", "b"]);
    const each = gatherEach([0, 1, 2], (place) => answer(place, `${place}`));
    expect(each instanceof Promise).toBe(later.includes(true));
    expect(await each).toEqual(["0", "1", "2"]);
  });

  it("is not gathered further once a question fails, at once or later", async () => {
    const never = (): never => expect.unreachable("asked after a failure");
    const failing = (): never => {
      throw new Error("no");
    };
    expect(() => gather(failing, never)).toThrow("no");
    expect(() => gather(() => 1, failing, never)).toThrow("no");
    await expect(gather(() => Promise.resolve(1), failing, never)).rejects.toThrow("no");
    await expect(gather(() => Promise.reject<number>(new Error("no")), never, never)).rejects.toThrow("no");
    const failingLater = (message: string) => Promise.reject<number>(new Error(message));
    await expect(both(failingLater("no"), failingLater("nor this"))).rejects.toThrow("no");
    await expect(gatherEach([1, 2], () => Promise.reject<number>(new Error("no")))).rejects.toThrow("no");
  });
});
