import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the generated contracts are what their sources give", () => {
  const script = fileURLToPath(new URL("../../../scripts/contracts.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect({ status, stale: stderr.match(/is stale/g) }).toEqual({ status: 0, stale: null });
});
