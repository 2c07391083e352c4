import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { program } from "./program.ts";
import { emptyDirectory } from "../../harness/cli.ts";

describe("the program", () => {
  let directory = emptyDirectory();
  beforeEach(() => {
    directory = emptyDirectory();
  });
  afterEach(() => directory.remove());

  it.each(["SIGTERM", "SIGINT"] as const)("serves, and ends in order at %s", async (signal) => {
    const { child, ended, said, written } = program(directory.path, ["--port", "0"]);
    const [, url] = await said(/serves on (http:\S+)/);
    const health = await fetch(`${url}/health`);
    expect(await health.json()).toEqual({ status: "ok" });
    child.kill(signal);
    // On Ctrl-C both the terminal and npm send it.
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(written().err).toContain(`${signal}: finishing`);
  });

  it("can be started again at once on the same data", async () => {
    for (const expected of [/new, with the user/, /with 1 user/]) {
      const { child, ended, said } = program(directory.path, ["--port", "0"]);
      await said(expected);
      child.kill("SIGTERM");
      expect(await ended).toBe(0);
    }
  });

  it("warns loudly when it listens to the network without TLS", async () => {
    const { child, ended, said, written } = program(directory.path, [
      "--port",
      "0",
      "--ephemeral",
      "--host",
      "0.0.0.0",
    ]);
    await said(/get-caller-identity/);
    child.kill("SIGTERM");
    await ended;
    expect(written().err).toContain("WARNING: listening on 0.0.0.0 WITHOUT TLS.");
  });

  it("ends with 2 when it was called wrongly", async () => {
    const { ended, written } = program(directory.path, ["--port", "0", "--nonsense"]);
    expect(await ended).toBe(2);
    expect(written()).toMatchObject({ out: "", err: expect.stringContaining("no option --nonsense") as string });
  });
});
