/** The checker itself: it accepts what a serial order explains, and nothing else. */
import { describe, expect, test } from "vitest";
import { serialOrder } from "./serial-order.ts";
import type { Call } from "./serial-order.ts";

/** A register: `set N` answers "ok", `get` answers what was set last, `once N` fails where it is N already. */
function call(what: string, answer: string, began: number, ended: number): Call<number> {
  const [verb, value] = what.split(" ");
  return {
    what,
    answer,
    began,
    ended,
    harmless: verb === "get" || answer === "refused",
    step(state) {
      if (verb === "get") return { answer: String(state), next: state };
      const wanted = Number(value);
      if (verb === "once" && state === wanted) return { answer: "refused", next: state };
      return { answer: "ok", next: wanted };
    },
  };
}

const explained = (calls: readonly Call<number>[]) =>
  serialOrder(0, calls, String)
    ?.map(({ what }) => what)
    .join(", ") ?? null;

describe("a serial order", () => {
  test("is found whatever the order of the answers", () => {
    const both = [call("get", "2", 0, 9), call("set 1", "ok", 1, 8), call("set 2", "ok", 2, 7)];
    expect(explained(both)).toBe("set 2, get, set 1");
    expect(explained([...both, call("get", "2", 10, 11)])).toBe("set 1, set 2, get, get");
    // What changes nothing now may be needed later.
    expect(explained([call("set 0", "ok", 0, 9), call("set 1", "ok", 1, 2), call("get", "0", 10, 11)])).toBe(
      "set 1, set 0, get",
    );
    expect(explained([call("once 1", "refused", 0, 5), call("once 1", "ok", 0, 9)])).toBe("once 1, once 1");
  });

  test("does not turn time around", () => {
    expect(explained([call("set 1", "ok", 0, 1), call("get", "0", 2, 3)])).toBeNull();
    expect(explained([call("set 1", "ok", 0, 2), call("get", "0", 1, 3)])).toBe("get, set 1");
    expect(explained([call("get", "1", 0, 1), call("set 1", "ok", 2, 3)])).toBeNull();
  });

  test("is not found where two won who could not both", () => {
    expect(explained([call("once 1", "ok", 0, 9), call("once 1", "ok", 0, 9)])).toBeNull();
    expect(explained([call("set 1", "ok", 0, 9), call("get", "2", 0, 9)])).toBeNull();
    const reads = [call("get", "1", 3, 4), call("get", "2", 5, 6), call("get", "1", 7, 8)];
    expect(explained([call("set 1", "ok", 0, 9), call("set 2", "ok", 0, 9), ...reads])).toBeNull();
  });
});
