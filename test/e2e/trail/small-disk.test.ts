/** A small disk of its own, which a stranger tries to fill. */
import type { ChildProcess } from "node:child_process";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, test } from "vitest";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { rooms } from "../../../src/trail/disk-room.ts";
import { compileProgram } from "../../harness/program.ts";
import { form, send } from "../../harness/http.ts";
import { dataDirectory } from "../../harness/places.ts";

/** Whether a process may have mounts of its own here (a container often may not). */
const mounts = spawnSync("unshare", ["-rm", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"]).status === 0;

const diskBytes = 64_000_000;
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

interface Line {
  readonly eventID: string;
  readonly eventName: string;
  readonly requestID: string;
  readonly additionalEventData: { readonly counted?: { readonly count: number } };
}

describe.runIf(mounts)("a disk of 64 megabytes", () => {
  test("a flood of unsigned requests leaves room for changes, and each is in the trail or counted there", async () => {
    const program = compileProgram("test/e2e/trail/full-disk-server.ts");
    afterAll(() => program.remove());
    const directory = dataDirectory();
    const child = program.spawn([directory], [], ["unshare", "-rm", "sh", "-c", mountAndRun(directory)]);
    children.push(child);
    const { url, metricsUrl, pid, credentials } = await started(child);
    // The mount is its own: from outside its files are seen through it.
    const disk = `/proc/${pid}/root${directory}`;
    const user = (name: string) =>
      send(url, form(url, { Action: "CreateUser", UserName: name }, credentials, { service: "iam" }));
    expect((await user("before")).status).toBe(200);

    // What else is on the disk leaves little: nobody is only counted from here on.
    fillUpTo(disk, 10_000_000);
    await expect.poll(() => shortage(metricsUrl)).toBe(rooms.indexOf("short"));
    const flooded = await flood(url, 800);
    expect(flooded.statuses).toEqual(new Set([403]));
    expect(statfsSync(disk).bavail * statfsSync(disk).bsize).toBeGreaterThan(8_000_000);

    // Now only the reserve is left: reads are answered, their records wait, changes go on.
    fillUpTo(disk, 5_000_000);
    await expect.poll(() => shortage(metricsUrl)).toBe(rooms.indexOf("reserve"));
    await flood(url, 200);
    const ready = JSON.parse((await send(url, { method: "GET", target: "/ready" })).body) as object;
    expect(ready).toMatchObject({ status: "not ready", trail: "short of space" });
    for (let index = 0; index < 40; index++) expect((await user(`during-${index}`)).status).toBe(200);
    const read = await send(url, form(url, { Action: "GetCallerIdentity" }, credentials));
    expect(read.status).toBe(200);

    // Room again: what waited is written, what was counted is told.
    writeFileSync(join(disk, "filler"), "");
    await expect.poll(() => counts(disk), { timeout: 50_000 }).toBe(1000);
    const lines = trailOf(disk);
    expect(lines.filter(({ eventName }) => eventName === "CreateUser")).toHaveLength(41);
    expect(lines.some(({ requestID }) => requestID === read.headers["x-amzn-requestid"])).toBe(true);
    expect(new Set(lines.map(({ eventID }) => eventID)).size).toBe(lines.length);
  });
});

function mountAndRun(directory: string): string {
  return `mount -t tmpfs -o size=${diskBytes} tmpfs ${directory} && exec "$0" "$@"`;
}

async function started(child: ChildProcess) {
  for await (const line of createInterface({ input: child.stdout! })) {
    return JSON.parse(line) as { url: string; metricsUrl: string; pid: number; credentials: SigningCredentials };
  }
  throw new Error("the server did not start");
}

/** What the server knows of its disk, as a place in `rooms`. */
async function shortage(metricsUrl: string): Promise<number> {
  const { body } = await send(metricsUrl, { method: "GET", target: "/metrics" });
  return Number(/^rolecall_trail_disk_short (\d)$/m.exec(body)![1]);
}

/** Takes of the disk all but so many bytes. */
function fillUpTo(disk: string, bytes: number): void {
  writeFileSync(join(disk, "filler"), "");
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, "filler"), Buffer.alloc(bavail * bsize - bytes));
}

/** Unsigned requests, over a few connections. */
async function flood(url: string, requests: number): Promise<{ readonly statuses: ReadonlySet<number> }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const { hostname, port } = new URL(url);
  const statuses = new Set<number>();
  const path = `/?Action=GetCallerIdentity&Version=2011-06-15&${"x".repeat(500)}`;
  let left = requests;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      await new Promise<void>((resolve, reject) => {
        const outgoing = request({ hostname, port, path, agent }, (incoming) => {
          statuses.add(incoming.statusCode!);
          incoming.resume().on("end", resolve);
        });
        outgoing.on("error", reject).end();
      });
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
  agent.destroy();
  return { statuses };
}

function trailOf(disk: string): readonly Line[] {
  const directory = join(disk, "trail");
  return readdirSync(directory)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(directory, name), "utf8").trimEnd().split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

/** Requests of nobody that the trail has, each by itself or in a count. */
function counts(disk: string): number {
  const nobody = trailOf(disk).filter(({ eventName }) => eventName === "GetCallerIdentity");
  return nobody.reduce((sum, { additionalEventData }) => sum + (additionalEventData.counted?.count ?? 1), 0) - 1;
}
