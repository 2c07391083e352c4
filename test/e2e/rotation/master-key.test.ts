/** The master key: where it may come from, what is said when it is the wrong one, and what is left without it. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Started } from "../../../src/launch/runtime.ts";
import { emptyDirectory, rolecall, serveIn } from "../../harness/cli.ts";
import { caller, refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { trust } from "../../harness/world.ts";

describe("rolecall keys", () => {
  const directory = emptyDirectory();
  let started: Started;
  beforeAll(async () => {
    started = await serveIn(directory.path);
  });
  afterAll(async () => {
    await started.close();
    directory.remove();
  });

  const listed = async (): Promise<{ Ring: string; KeyId: string; State: string }[]> => {
    const { out } = await rolecall(directory.path, ["keys", "list", "--json"]);
    return JSON.parse(out).Keys;
  };

  test("lists both rings", async () => {
    const { code, out } = await rolecall(directory.path, ["keys", "list"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^tokens {4}[0-9a-f]{8} {2}promoted {5}since \S+Z {2}\d+ seals\nsecrets {3}[0-9a-f]{8}/);
  });

  test("rotates both, or one of them", async () => {
    const both = await rolecall(directory.path, ["keys", "rotate"]);
    expect(both).toMatchObject({ code: 0, err: "" });
    const [, tokens, secrets] = /^tokens +new key (\w{8})\nsecrets +new key (\w{8})\n/.exec(both.out)!;
    await expect.poll(listed).toMatchObject([
      { Ring: "tokens", State: "distributed" },
      { Ring: "tokens", State: "promoted", KeyId: tokens },
      { Ring: "secrets", State: "retired" },
      { Ring: "secrets", State: "promoted", KeyId: secrets },
    ]);
    const one = JSON.parse((await rolecall(directory.path, ["keys", "rotate", "--ring", "secrets", "--json"])).out);
    expect(one.KeyIds).toHaveLength(1);
    await expect
      .poll(async () => (await listed()).filter(({ Ring }) => Ring === "secrets"))
      .toMatchObject([
        { State: "retired" },
        { KeyId: secrets, State: "retired" },
        { KeyId: one.KeyIds[0], State: "promoted" },
      ]);
    const wrong = await rolecall(directory.path, ["keys", "rotate", "--ring", "all"]);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining("the rings tokens and secrets") as string });
  });
});

describe("a lost master key", () => {
  const directory = emptyDirectory();
  const { path: cwd } = directory;
  const data = join(cwd, ".rolecall");
  let started: Started | null = null;
  let administrator: Caller;
  let session: Caller;
  /** Of the lost key. */
  let fingerprint: string;
  afterAll(async () => {
    await started?.close();
    directory.remove();
  });

  test("no secret can be read in any file of the data directory, the profile aside", async () => {
    started = await serveIn(cwd);
    const { server } = started;
    administrator = caller(server.url, server.created[0]!);
    const { iam, sts } = administrator;
    await iam.createUser({ UserName: "ann" });
    const { AccessKey } = await iam.createAccessKey({ UserName: "ann" });
    const AssumeRolePolicyDocument = trust({ AWS: server.operatorAccount });
    const { Role } = await iam.createRole({ RoleName: "kept", AssumeRolePolicyDocument });
    const assumed = await sts.assumeRole({ RoleArn: Role!.Arn!, RoleSessionName: "session" });
    session = caller(server.url, sessionKeys(assumed.Credentials));
    const secrets = [administrator.keys.secretAccessKey, AccessKey!.SecretAccessKey!, session.keys.secretAccessKey];
    await server.environment().trail.flush();
    const searched: string[] = [];
    const search = () => {
      for (const entry of readdirSync(data, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || entry.name === "credentials") continue;
        const bytes = readFileSync(join(entry.parentPath, entry.name));
        searched.push(entry.name);
        for (const secret of secrets) {
          // As it is, and as what it would be in base64, hex and UTF-16.
          const raw = Buffer.from(secret);
          const forms = [raw, raw.toString("base64").slice(0, -4), raw.toString("hex"), Buffer.from(secret, "utf16le")];
          for (const form of forms) expect(bytes.includes(form), `${entry.name} of ${searched.length}`).toBe(false);
        }
      }
    };
    // With what is only in the write-ahead log, and with what was moved into the database.
    search();
    expect(searched).toEqual(expect.arrayContaining(["rolecall.db", "rolecall.db-wal", "master.key"]));
    await started.close();
    started = null;
    const database = new DatabaseSync(join(data, "rolecall.db"));
    database.exec("pragma wal_checkpoint(truncate)");
    database.close();
    search();
    // What is no secret can be read there: it was looked for in the right way.
    expect(readFileSync(join(data, "rolecall.db")).includes("ann")).toBe(true);
  });

  test("another one is told plainly: what, where, and what can be done", async () => {
    renameSync(join(data, "master.key"), join(cwd, "kept.key"));
    const other = randomBytes(32).toString("base64");
    const byEnvironment = await rolecall(cwd, ["--port", "0"], { ROLECALL_MASTER_KEY: other });
    expect(byEnvironment.code).toBe(1);
    expect(byEnvironment.err).toMatch(
      /^rolecall: the master key from the environment variable ROLECALL_MASTER_KEY is not the one that this data was sealed with/,
    );
    fingerprint = /fingerprint is [0-9a-f]{16}, the data's is ([0-9a-f]{16})/.exec(byEnvironment.err)![1]!;
    // First how to bring the right one, and only then what is left when there is none.
    expect(byEnvironment.err).toMatch(
      /copy its file to .*master\.key .*"rolecall admin recover --new-master-key" says/,
    );
    // None is made in the place of the file that is gone.
    const none = await rolecall(cwd, ["--port", "0"]);
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining("a master key that is not here") as string });
    expect(none.err).toContain(`copy its file to ${join(data, "master.key")} (mode 0600)`);
    expect(existsSync(join(data, "master.key"))).toBe(false);
    const recovery = await rolecall(cwd, ["admin", "recover"]);
    expect(recovery).toMatchObject({ code: 1, err: none.err });
    const file = join(cwd, "missing.key");
    const missing = await rolecall(cwd, ["--port", "0", "--master-key-file", file]);
    expect(missing.err).toContain(`the master key file ${file} does not exist: make one with`);
    writeFileSync(file, "short", { mode: 0o600 });
    const short = await rolecall(cwd, ["--port", "0", "--master-key-file", file]);
    expect(short.err).toContain(`the file ${file} does not hold a master key`);
  });

  test("with the original all is as it was, given in any way", async () => {
    const kept = join(cwd, "kept.key");
    started = await serveIn(cwd, { "master-key-file": kept });
    expect((await caller(started.server.url, session.keys).sts.getCallerIdentity({})).Account).toBeDefined();
    await started.close();
    started = null;
    const unneeded = await rolecall(cwd, ["admin", "recover", "--new-master-key", "--master-key-file", kept]);
    expect(unneeded).toMatchObject({ code: 1, err: expect.stringContaining("nothing is lost") as string });
  });

  test("it is given up only by who names it, and was told what is lost with it", async () => {
    const recover = ["admin", "recover", "--new-master-key"];
    for (const unnamed of [[], ["--yes"], ["--yes", "--lost-key", "0123456789abcdef"]]) {
      const refused = await rolecall(cwd, [...recover, ...unnamed]);
      expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("Say with --lost-key") as string });
      expect(refused.err).not.toContain(fingerprint);
    }
    const told = await rolecall(cwd, [...recover, "--lost-key", fingerprint]);
    expect(told).toMatchObject({
      code: 1,
      err: expect.stringContaining("the secrets of 2 access keys in 1 acc") as string,
    });
    expect(existsSync(join(data, "master.key"))).toBe(false);
    const typo = await rolecall(cwd, [...recover, "--lost-key", fingerprint, "--yes", "--data-dir", "typo"]);
    expect(typo).toMatchObject({ code: 1, err: expect.stringContaining("there is no data directory") as string });
    expect(existsSync(join(cwd, "typo"))).toBe(false);
  });

  test("without it accounts, users, roles and policies stay; keys and sessions cannot be used", async () => {
    const made = await rolecall(cwd, ["admin", "recover", "--new-master-key", "--lost-key", fingerprint, "--yes"]);
    expect(made).toMatchObject({ code: 0 });
    expect(made.err).toContain("2 access keys of all accounts cannot be used, nor any session");
    started = await serveIn(cwd);
    const { server } = started;
    expect(server.created).toEqual([]);
    for (const { keys } of [administrator, session]) {
      const refused = await refusal(caller(server.url, keys).sts.getCallerIdentity({}));
      expect(refused).toMatch(/^InvalidClientTokenId 403/);
    }
    const environment = JSON.parse((await rolecall(cwd, ["env", "--json"])).out) as Record<string, string>;
    const { iam } = caller(server.url, {
      accessKeyId: environment["AWS_ACCESS_KEY_ID"]!,
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"]!,
    });
    expect((await iam.listUsers({})).Users!.map(({ UserName }) => UserName)).toEqual(["administrator", "ann"]);
    expect((await iam.getRole({ RoleName: "kept" })).Role!.RoleName).toBe("kept");
    expect((await iam.listAccessKeys({ UserName: "ann" })).AccessKeyMetadata).toMatchObject([{ Status: "Inactive" }]);
    // What is marked is no fault of the server's.
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
    const trail = await rolecall(cwd, ["trail", "tail", "--json"]);
    expect(trail.out).toMatch(/"eventName":"RecoverAdministrator".*"newMasterKey":true/);
  });

  test("when it is found all is good again, and what was made since stays good", async () => {
    const environment = JSON.parse((await rolecall(cwd, ["env", "--json"])).out) as Record<string, string>;
    await started!.close();
    started = null;
    const found = await rolecall(cwd, ["admin", "restore", "--found-key", join(cwd, "kept.key")]);
    expect(found).toMatchObject({ code: 0, out: expect.stringContaining("2 ring keys are back") as string });
    const again = await rolecall(cwd, ["admin", "restore", "--found-key", join(cwd, "kept.key")]);
    expect(again).toMatchObject({
      code: 1,
      err: expect.stringContaining("nothing of this database is lost") as string,
    });
    started = await serveIn(cwd);
    const { server } = started;
    const made = {
      accessKeyId: environment["AWS_ACCESS_KEY_ID"]!,
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"]!,
    };
    const ringKeys = async (): Promise<string[]> => {
      await server.environment().ringKeeper.tend();
      return JSON.parse((await rolecall(cwd, ["keys", "list", "--json"])).out).Keys.map(
        ({ Ring, State }: { Ring: string; State: string }) => `${Ring} ${State}`,
      );
    };
    for (const sealedAnew of [false, true]) {
      for (const keys of [made, administrator.keys, session.keys]) {
        expect((await caller(server.url, keys).sts.getCallerIdentity({})).Account).toBeDefined();
      }
      if (sealedAnew) break;
      expect(await ringKeys()).toEqual(expect.arrayContaining(["secrets retired", "tokens distributed"]));
    }
  });
});
