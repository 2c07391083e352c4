/** Mistakes that a start meets are told to a person: what, where, how to mend it, and no stack. */
import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { casesIn } from "../../harness/cases.ts";
import { selfSigned } from "../../harness/certificate.ts";
import { emptyDirectory, rolecall } from "../../harness/cli.ts";

interface Tree {
  readonly [name: string]: string | Tree;
}

interface Case {
  readonly name: string;
  readonly make?: Tree;
  readonly mode?: Readonly<Record<string, string>>;
  readonly words: readonly string[];
  /** False where the words name a port themselves. */
  readonly port?: false;
  readonly code: number;
  readonly err: string;
}

const cases = casesIn<Case>("cli/start-errors.jsonl");

const { cert, key } = selfSigned();
const standIns: Readonly<Record<string, string>> = {
  CERT: cert,
  KEY: key,
  "OTHER KEY": selfSigned().key,
  "ENCRYPTED KEY": createPrivateKey(key).export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "passphrase",
  }) as string,
};

function make(directory: string, tree: Tree): void {
  for (const [name, content] of Object.entries(tree)) {
    const path = join(directory, name);
    if (typeof content === "string") writeFileSync(path, standIns[content] ?? content, { mode: 0o600 });
    else {
      mkdirSync(path, { mode: 0o700 });
      make(path, content);
    }
  }
}

describe("a start that cannot be", () => {
  let directory = emptyDirectory();
  beforeEach(() => {
    directory.remove();
    directory = emptyDirectory();
  });
  afterAll(() => directory.remove());

  it.each(cases)("$name", async ({ make: tree = {}, mode = {}, words, port, code, err }) => {
    make(directory.path, tree);
    for (const [name, bits] of Object.entries(mode)) chmodSync(join(directory.path, name), Number.parseInt(bits, 8));
    const given = words.map((word) => (word === "LONG" ? "x".repeat(300) : word));
    const said = await rolecall(directory.path, [...(port === false ? [] : ["--port", "0"]), ...given]);
    expect(said).toMatchObject({ code, out: "" });
    expect(said.err.replaceAll(directory.path, "DIR")).toContain(err);
    expect(said.err).toMatch(/^rolecall: /);
    expect(said.err).not.toMatch(/a defect|\n {4}at /);
  });
});

const program = fileURLToPath(new URL("../../../scripts/start.mjs", import.meta.url));

/** Whether this process may mount a file system in a name space of its own. */
function mayMount(): boolean {
  try {
    execFileSync("unshare", ["-Urm", "mount", "-t", "tmpfs", "none", "/mnt"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

// Without the right to mount (containers, other systems) the case cannot be made; the others above are run everywhere.
describe.runIf(mayMount())("on a file system that is mounted read-only", () => {
  it.each([
    { name: "a directory that would have to be made", at: "new", err: "cannot be made" },
    { name: "a directory that is there", at: ".", err: "cannot be written (EROFS)" },
  ])("$name", ({ at, err }) => {
    const directory = emptyDirectory();
    const { path } = directory;
    const script = `mount -t tmpfs -o ro,mode=700 none ${path} && exec ${process.execPath} ${program} --port 0 --data-dir ${path}/${at}`;
    let told = "";
    try {
      execFileSync("unshare", ["-Urm", "sh", "-c", script], { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
    } catch (error) {
      told = (error as { stderr: string }).stderr;
    }
    directory.remove();
    expect(told).toContain(`rolecall: the data directory ${at === "." ? path : join(path, at)} ${err}`);
    expect(told).not.toContain("a defect");
  });
});
