/** Requests take each step together; the types of the steps have to fit. */
import { expect, test } from "vitest";
import { decode, encode } from "../../src/pipeline/codec.ts";
import { perform } from "../../src/pipeline/perform.ts";
import { throttle } from "../../src/pipeline/throttle.ts";
import type { Exchange, Routed } from "../../src/pipeline/stage.ts";
import { Way } from "../../src/pipeline/way.ts";

const exchange = (eventId: string) => ({ eventId, answer: undefined }) as Exchange;

/** Walks a way of two steps and tells what happened, in order. */
async function walk(ids: readonly string[], first: (exchange: Exchange) => Exchange | Promise<Exchange>) {
  const told: string[] = [];
  const way = Way.from<Exchange>()
    .step((one) => {
      told.push(`first ${one.eventId}`);
      return first(one);
    })
    .step((one) => {
      told.push(`second ${one.eventId}`);
      return one;
    });
  const finish = (one: Exchange, error: unknown): void => {
    told.push(`finished ${one.eventId}${error === null ? "" : ` ${(error as Error).message}`}`);
  };
  way.walk(ids.map(exchange), finish, (stages) => told.push(`arrived ${stages.map((one) => one.eventId).join()}`));
  await new Promise(setImmediate);
  return told;
}

test("all take a step before any takes the next", async () => {
  const together = ["first a", "first b", "second a", "second b", "arrived a,b"];
  expect(await walk(["a", "b"], (one) => one)).toEqual(together);
});

test("one that waits goes on by itself, and holds up nobody", async () => {
  const told = await walk(["a", "b"], (one) => (one.eventId === "a" ? Promise.resolve(one) : one));
  expect(told).toEqual(["first a", "first b", "second b", "arrived b", "second a", "arrived a"]);
});

test("an answer ends the way, at once or later", async () => {
  const answer = { status: 200, headers: {}, body: "" };
  const told = await walk(["a", "b", "c"], (one) => {
    if (one.eventId === "a") return { ...one, answer };
    return one.eventId === "b" ? Promise.resolve({ ...one, answer }) : one;
  });
  expect(told).toEqual(["first a", "finished a", "first b", "first c", "second c", "arrived c", "finished b"]);
});

test("an error ends the way of its request alone", async () => {
  const told = await walk(["a", "b", "c"], (one) => {
    if (one.eventId === "a") throw new Error("thrown");
    return one.eventId === "b" ? Promise.reject(new Error("rejected")) : one;
  });
  expect(told).toEqual([
    "first a",
    "finished a thrown",
    "first b",
    "first c",
    "second c",
    "arrived c",
    "finished b rejected",
  ]);
});

test("steps that do not fit do not compile", () => {
  const routed = Way.from<Routed>();
  // @ts-expect-error: nobody is authenticated yet
  routed.step(throttle);
  // @ts-expect-error: whether it is built is not known yet
  routed.step(decode);
  // @ts-expect-error: there is no input, and no caller
  routed.step(perform);
  // @ts-expect-error: there is no output
  routed.step(encode);
});
