import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Started } from "../../../src/launch/runtime.ts";
import { Recorder, emptyDirectory, rolecall, serveIn } from "../../harness/cli.ts";
import { greet } from "../../../src/cli/greeting.ts";
import { resolveSettings } from "../../../src/config/index.ts";

/** One data directory through its life: first start, use, a second start, recovery. The steps build on each other. */
describe("a data directory", () => {
  const directory = emptyDirectory();
  const { path: cwd } = directory;
  let started: Started | null = null;
  beforeAll(async () => {
    started = await serveIn(cwd);
  });
  afterAll(async () => {
    await started?.close();
    directory.remove();
  });

  const greeting = async (): Promise<string> => {
    const terminal = new Recorder(cwd, { AWS_SESSION_TOKEN: "old" });
    await greet(started!, resolveSettings({ flags: {}, environment: {}, cwd }), "1.2.3", terminal);
    return terminal.out;
  };

  it("gets an account with an administrator at the first start, and says what to paste", async () => {
    const text = await greeting();
    expect(text).toContain(`rolecall 1.2.3 serves on ${started!.server.url}`);
    expect(text).toContain(`${started!.server.operatorAccount}, new, with the user administrator`);
    expect(text).toContain("unset AWS_SESSION_TOKEN");
    expect(text).toContain(`AWS_CONFIG_FILE=${cwd}/.rolecall/config`);
    expect(text).not.toContain(started!.server.created[0]!.secretAccessKey);
    for (const name of ["credentials", "config", "master.key"]) {
      expect(statSync(join(cwd, ".rolecall", name)).mode & 0o777).toBe(0o600);
    }
  });

  it("belongs to one process", async () => {
    const second = await rolecall(cwd, ["--port", "0"]);
    expect(second).toMatchObject({
      code: 1,
      err: expect.stringMatching(/in use by process \d+: end that one/) as string,
    });
    const recovery = await rolecall(cwd, ["admin", "recover"]);
    expect(recovery).toMatchObject({ code: 1, err: expect.stringContaining("end that server first") as string });
  });

  it("gives a shell its administrator", async () => {
    const { out } = await rolecall(cwd, ["env"], { AWS_SESSION_TOKEN: "old" });
    const [administrator] = started!.server.created;
    expect(out.split("\n")).toEqual([
      "unset AWS_SESSION_TOKEN",
      `export AWS_ENDPOINT_URL=${started!.server.url}`,
      `export AWS_ACCESS_KEY_ID=${administrator!.accessKeyId}`,
      `export AWS_SECRET_ACCESS_KEY=${administrator!.secretAccessKey}`,
      "export AWS_REGION=us-east-1",
      "export AWS_DEFAULT_REGION=us-east-1",
      "",
    ]);
    expect(JSON.parse((await rolecall(cwd, ["env", "--json"])).out)).toEqual({
      AWS_ENDPOINT_URL: started!.server.url,
      AWS_ACCESS_KEY_ID: administrator!.accessKeyId,
      AWS_SECRET_ACCESS_KEY: administrator!.secretAccessKey,
      AWS_REGION: "us-east-1",
      AccountId: administrator!.accountId,
    });
  });

  it("makes another account, whose administrator can be used", async () => {
    const made = await rolecall(cwd, ["account", "create", "--id", "000000000007", "--name", "seven"]);
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toContain("profile   rolecall-000000000007");
    const { out } = await rolecall(cwd, ["env", "--account", "000000000007", "--json"]);
    const seven = JSON.parse(out) as Record<string, string>;
    expect(seven["AccountId"]).toBe("000000000007");
    const asked = await rolecall(cwd, ["trail", "tail", "--endpoint-url", seven["AWS_ENDPOINT_URL"]!], seven);
    expect(asked).toMatchObject({ code: 0, err: "" });
    const refused = await rolecall(cwd, ["account", "list", "--endpoint-url", seven["AWS_ENDPOINT_URL"]!], seven);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("AccessDenied") as string });
    const again = await rolecall(cwd, ["account", "create", "--id", "000000000007"]);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("ConflictException") as string });
  });

  it("lists accounts", async () => {
    const { out } = await rolecall(cwd, ["account", "list"]);
    expect(out).toMatch(/^000000000007 {2}\d{4}-\d{2}-\d{2} {2}seven$/m);
    const listed = JSON.parse((await rolecall(cwd, ["account", "list", "--json"])).out) as { Accounts: unknown[] };
    expect(listed.Accounts).toHaveLength(2);
  });

  it("shows its trail", async () => {
    const { out } = await rolecall(cwd, ["trail", "tail", "--account", "all"]);
    expect(out).toMatch(/user\/administrator {2}rolecall:CreateAccount {2}000000000007 seven {2}ok$/m);
    expect(out).toMatch(/rolecall:ListAccounts .*AccessDenied/m);
    const { out: json } = await rolecall(cwd, ["trail", "tail", "-n", "1", "--json"]);
    expect(JSON.parse(json)).toMatchObject({ eventSource: "rolecall" });
  });

  it("recovers administrators at rest", async () => {
    const before = started!.server.created[0]!;
    await started!.close();
    started = null;
    const operator = await rolecall(cwd, ["admin", "recover"]);
    expect(operator).toMatchObject({ code: 0, err: "" });
    const root = await rolecall(cwd, ["admin", "recover", "--root", "--account", "000000000007", "--json"]);
    expect(JSON.parse(root.out)).toMatchObject({ AccountId: "000000000007", UserName: null });
    const none = await rolecall(cwd, ["admin", "recover", "--account", "999999999999"]);
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining("no account 999999999999") as string });
    started = await serveIn(cwd);
    expect(started.server.created).toEqual([]);
    const environment = JSON.parse((await rolecall(cwd, ["env", "--json"])).out) as Record<string, string>;
    expect(environment["AWS_ACCESS_KEY_ID"]).not.toBe(before.accessKeyId);
    expect(await rolecall(cwd, ["account", "list"])).toMatchObject({ code: 0 });
    const trail = await rolecall(cwd, ["trail", "tail"]);
    expect(trail.out).toMatch(/at the machine, no server running.*rolecall:RecoverAdministrator/);
  });

  it("says at a later start what it found", async () => {
    expect(await greeting()).toMatch(/account +\d{12} with 1 user, 0 roles; 2 accounts in all\n/);
  });
});
