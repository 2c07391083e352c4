import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyDirectory } from "./recorder.ts";

const script = fileURLToPath(new URL("../../scripts/start.mjs", import.meta.url));

/** The program as `npm start` runs it; builds first where dist is stale. */
function program(cwd: string, words: readonly string[]) {
  const child = spawn(process.execPath, [script, ...words], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] },
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = once(child, "close").then(([code]) => code as number | null);
  const said = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(out);
      if (found !== null) return found;
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}:\n${out}${err}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, ended, said, written: () => ({ out, err }) };
}

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
