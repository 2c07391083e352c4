import type { ChildProcess } from "node:child_process";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, test, vi } from "vitest";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { compileProgram } from "../../harness/program.ts";
import { form, send } from "../../harness/http.ts";
import { dataDirectory } from "../../harness/places.ts";

const program = compileProgram("test/e2e/trail/full-disk-server.ts");
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  program.remove();
});

async function serve(directory: string) {
  const child = program.spawn([directory]);
  children.push(child);
  for await (const line of createInterface({ input: child.stdout! })) {
    const { url, credentials } = JSON.parse(line) as { url: string; credentials: SigningCredentials };
    return { child, url, credentials };
  }
  throw new Error("the server did not start");
}

/** No file of the process may grow beyond this any more: what a full disk does, as far as a process sees it. */
function limitFiles(pid: number, bytes: number | "unlimited"): void {
  // The soft limit alone, so that it can be lifted again. Node ignores SIGXFSZ: writes fail with EFBIG.
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
}

function allFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

// Limits of a running process can be changed by another on Linux alone.
describe.runIf(process.platform === "linux")("a disk that is full", () => {
  test("writes are refused, reads go on, readiness says so, and all is well once there is room", async () => {
    const directory = dataDirectory();
    const { child, url, credentials } = await serve(directory);
    const user = (name: string) =>
      send(url, form(url, { Action: "CreateUser", UserName: name }, credentials, { service: "iam" }));
    const read = () => send(url, form(url, { Action: "GetCallerIdentity" }, credentials));
    const ready = async () => JSON.parse((await send(url, { method: "GET", target: "/ready" })).body) as object;
    expect((await user("before")).status).toBe(200);
    expect(await ready()).toMatchObject({ status: "ready" });

    const largest = Math.max(...allFiles(directory).map((file) => statSync(file).size));
    limitFiles(child.pid!, 1);
    const refused = await user("during");
    expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "1"]);
    expect(refused.body).toContain("<Code>ServiceUnavailable</Code>");
    // Many at once share a commit: all of them fail, none halfway.
    const many = await Promise.all(Array.from({ length: 20 }, (_, index) => user(`during-${index}`)));
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set([503]));
    const readsDuring = [await read(), await read(), await read()];
    expect(readsDuring.map(({ status }) => status)).toEqual([200, 200, 200]);
    await expect.poll(ready).toMatchObject({ status: "not ready", trail: "cannot be written" });
    await expect.poll(ready).toMatchObject({ store: "cannot be written" });
    expect((await send(url, { method: "GET", target: "/health" })).status).toBe(200);

    // Room for half a batch: what is written in part must not stay.
    limitFiles(child.pid!, largest + 100);
    await user("half");
    limitFiles(child.pid!, "unlimited");
    await expect.poll(ready).toMatchObject({ status: "ready" });
    expect((await user("after")).status).toBe(200);
    expect((await user("during")).status).toBe(200);

    const answered = readsDuring.map(({ headers }) => headers["x-amzn-requestid"] as string);
    // The last records are on their way.
    await vi.waitFor(() => expectTrail(directory, answered), { timeout: 30_000 });
  });
});

/** Every line is a whole record, none stands there twice, and nothing that was answered is missing. */
function expectTrail(directory: string, requestIds: readonly string[]): void {
  const lines = allFiles(join(directory, "trail"))
    .filter((file) => /events-.*\.jsonl$/.test(file))
    .flatMap((file) => readFileSync(file, "utf8").trimEnd().split("\n"))
    .map((line) => JSON.parse(line) as { eventID: string; requestID: string });
  const ids = lines.map(({ eventID }) => eventID);
  expect(new Set(ids).size).toBe(ids.length);
  const requests = new Set(lines.map(({ requestID }) => requestID));
  for (const id of requestIds) expect(requests).toContain(id);
}
