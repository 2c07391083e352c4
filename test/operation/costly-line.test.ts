import { expect, test } from "vitest";
import { CostlyLine } from "../../src/operation/costly-line.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("who has caused no costly work stands in no line", () => {
  let now = 0;
  const line = new CostlyLine(() => now);
  line.mark("ann", 1999);
  expect(line.isMarked("ann")).toBe(false);
  line.mark("ann", 2000);
  now = 4999;
  expect([line.isMarked("ann"), line.isMarked("bob")]).toEqual([true, false]);
  now = 5000;
  expect(line.isMarked("ann")).toBe(false);
});

test("one at a time, senders in turn: who sends one waits for one of who sends a hundred", async () => {
  const line = new CostlyLine();
  const done: string[] = [];
  const work = async (sender: string): Promise<void> => {
    await line.enter(sender);
    done.push(sender);
    await turn();
    line.leave();
  };
  const all = [...Array.from({ length: 6 }, () => work("eve")), work("ann"), work("bob"), work("ann")];
  expect(line.length).toBe(8);
  await Promise.all(all);
  expect(done).toEqual(["eve", "eve", "ann", "bob", "eve", "ann", "eve", "eve", "eve"]);
  expect(line.length).toBe(0);
  await turn();
  expect(line.enter("ann")).toBeUndefined();
});

test("everybody else is served between two turns", async () => {
  const line = new CostlyLine();
  const order: string[] = [];
  line.enter("eve");
  const second = Promise.resolve(line.enter("eve")).then(() => order.push("eve's second"));
  line.leave();
  setImmediate(() => order.push("somebody else, who came before"));
  void Promise.resolve().then(() => order.push("somebody else, who did not wait"));
  await second;
  expect(order[0]).toBe("somebody else, who did not wait");
});

test("what is remembered is bounded", () => {
  const line = new CostlyLine(() => 0);
  for (let index = 0; index < 1500; index++) line.mark(`sender-${index}`, 5000);
  expect([line.isMarked("sender-499"), line.isMarked("sender-500")]).toEqual([false, true]);
});
