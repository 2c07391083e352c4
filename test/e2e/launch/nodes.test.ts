import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, inject, it } from "vitest";
import * as nodes from "../../../src/store/server/nodes.ts";
import { databaseTime } from "../../../src/store/server/time.ts";
import { createDatabase } from "../../harness/postgres/server.ts";
import { emptyDirectory, rolecall, serveIn } from "../../harness/cli.ts";

describe("two nodes on one PostgreSQL", () => {
  const directory = emptyDirectory();
  const { path: cwd } = directory;
  afterAll(() => directory.remove());

  it("make one account, whichever is faster, and only that one keeps its key", async () => {
    const database = await createDatabase(inject("postgresUrl"), `cli_${randomBytes(8).toString("hex")}`);
    const masterKeyFile = join(cwd, "master.key");
    writeFileSync(masterKeyFile, randomBytes(32).toString("base64"), { mode: 0o600 });
    // Who waits long for the other's migrations says so.
    const told = (error: unknown): void => expect(String(error)).toContain("waits for the database's migration lock");
    const node = (name: string) => serveIn(cwd, { database, "data-dir": name, "master-key-file": masterKeyFile }, told);
    const nodes = await Promise.all([node("one"), node("two")]);
    try {
      const [first, second] = nodes;
      expect(first.server.operatorAccount).toBe(second.server.operatorAccount);
      const winner = nodes.find(({ server }) => server.created.length === 1)!;
      const other = nodes.find((candidate) => candidate !== winner)!;
      expect(other.server.created).toEqual([]);
      expect(other.profile!.entries()).toEqual([]);
      const [kept] = winner.profile!.entries();
      expect(kept).toMatchObject({ name: "rolecall", accountId: winner.server.operatorAccount });
      const { accessKeyId, secretAccessKey } = kept!;
      const environment = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
      for (const { server } of nodes) {
        const asked = await rolecall(cwd, ["account", "list", "--endpoint-url", server.url], environment);
        expect(asked).toMatchObject({ code: 0, err: "" });
      }
    } finally {
      for (const { close } of nodes) await close();
    }
  });

  it("a second one without the master key is told who has it, and nothing of the first one's is given up", async () => {
    const database = await createDatabase(inject("postgresUrl"), `cli_${randomBytes(8).toString("hex")}`);
    const first = await serveIn(cwd, { database, "data-dir": "first" });
    const environment = { ROLECALL_DATABASE: database };
    try {
      const second = await rolecall(cwd, ["--port", "0", "--data-dir", "second"], environment);
      expect(second.code).toBe(1);
      expect(second.err).toMatch(
        /a master key that is not here \(its fingerprint is ([0-9a-f]{16})\); .*, process \d+, has it from the file .*first\/master\.key: copy its file to .*second\/master\.key/,
      );
      expect(existsSync(join(cwd, "second", "master.key"))).toBe(false);
      const fingerprint = /fingerprint is ([0-9a-f]{16})/.exec(second.err)![1]!;
      const recover = [
        "admin",
        "recover",
        "--data-dir",
        "second",
        "--new-master-key",
        "--yes",
        "--lost-key",
        fingerprint,
      ];
      const refused = await rolecall(cwd, recover, environment);
      expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("1 nodes use this database") as string });
      // One that stands still, or is of an older version, does not say that it is there; its connections do.
      const { node, database: store } = first.server.environment();
      await store.write(async (tx) => nodes.leave(tx, node.id, await databaseTime(tx)));
      const still = await rolecall(cwd, recover, environment);
      expect(still).toMatchObject({ code: 1, err: expect.stringContaining("other connections") as string });
      expect(existsSync(join(cwd, "second", "master.key"))).toBe(false);
      const asked = await rolecall(cwd, ["account", "list", "--data-dir", "first"], {});
      expect(asked).toMatchObject({ code: 0, err: "" });
    } finally {
      await first.close();
    }
  });
});
