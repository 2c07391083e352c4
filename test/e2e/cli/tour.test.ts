import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Started } from "../../../src/launch/runtime.ts";
import { runTour } from "../../../src/cli/tour/tour.ts";
import { rolecall, serveIn, emptyDirectory } from "../../harness/cli.ts";

describe("the tour", () => {
  let started: Started;
  const directory = emptyDirectory();
  beforeAll(async () => {
    started = await serveIn(directory.path, { ephemeral: true, accounts: "111122223333=a,444455556666=b" });
  });
  afterAll(async () => {
    await started.close();
    directory.remove();
  });

  it("goes as told on a server that is there, and fails where the stage is not empty", async () => {
    const [a, b] = started.server.created.map(({ accountId: id, ...credentials }) => ({ id, credentials }));
    const server = { url: started.server.url, a: a!, b: b! };
    const report = await runTour({ server });
    expect(report.steps.filter(({ passed }) => !passed)).toEqual([]);
    expect(report).toMatchObject({ passed: true, left: 0 });
    expect(report.steps.length).toBeGreaterThan(30);
    const second = await runTour({ server });
    expect(second).toMatchObject({ passed: false });
    expect(second.steps.at(-1)!.outcome).toContain("EntityAlreadyExists");
  });

  it("is told by the command, on a server of its own", async () => {
    const { code, out, err } = await rolecall(directory.path, ["tour"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/\d+ steps, all as told/);
    expect(out).not.toContain("not as told");
  });
});
