import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, inject, it } from "vitest";
import { createDatabase } from "../postgres.ts";
import { emptyDirectory, rolecall, serveIn } from "./recorder.ts";

describe("two nodes on one PostgreSQL", () => {
  const directory = emptyDirectory();
  const { path: cwd } = directory;
  afterAll(() => directory.remove());

  it("make one account, whichever is faster, and only that one keeps its key", async () => {
    const database = await createDatabase(inject("postgresUrl"), `cli_${randomBytes(8).toString("hex")}`);
    const masterKeyFile = join(cwd, "master.key");
    writeFileSync(masterKeyFile, randomBytes(32).toString("base64"), { mode: 0o600 });
    const node = (name: string) => serveIn(cwd, { database, "data-dir": name, "master-key-file": masterKeyFile });
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
});
