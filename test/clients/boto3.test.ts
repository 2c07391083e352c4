/** Every operation that is built, through the AWS SDK for Python, where it is installed. */
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { operationCases, runCases } from "../harness/operation-cases.ts";
import type { Answered } from "../harness/operation-cases.ts";
import { starter } from "../harness/places.ts";
import { startWorld } from "../harness/world.ts";

const asked = spawnSync("python3", ["-c", "import boto3; print(boto3.__version__)"], { encoding: "utf8" });
const version = asked.status === 0 ? asked.stdout.trim() : null;
const start = starter();

if (version === null) {
  test("boto3 is not installed: nothing of it was tried", () => expect(version).toBeNull());
} else {
  test(`every operation, with every optional parameter (boto3 ${version})`, async () => {
    const world = await startWorld(start, { accounts: [{ id: "444455556666", name: "b" }] });
    const script = fileURLToPath(new URL("boto3_calls.py", import.meta.url));
    const env = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "1",
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_ENDPOINT_URL: world.url,
      AWS_ACCESS_KEY_ID: world.a.keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: world.a.keys.secretAccessKey,
    };
    const child = spawn("python3", [script], { env, stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await runCases(operationCases, async (service, operation, input): Promise<Answered> => {
      child.stdin.write(`${JSON.stringify({ service, operation, input })}\n`);
      const line = await lines.next();
      if (line.done) throw new Error("the process with boto3 ended");
      return JSON.parse(line.value) as Answered;
    });
    child.stdin.end();
  });
}
