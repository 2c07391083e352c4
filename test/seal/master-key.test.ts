import { randomBytes } from "node:crypto";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { UnsealError } from "../../src/seal/errors.ts";
import { loadMasterKey } from "../../src/seal/load-master-key.ts";
import { checkMasterKey, masterKey, unwrapKey, wrapKey } from "../../src/seal/master-key.ts";
import { generateKey } from "../../src/seal/ring-state.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "rolecall-master-key-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const material = Buffer.alloc(32, 0xfb);
const fingerprint = masterKey(material, "here").fingerprint;

describe("wrapping", () => {
  const master = masterKey(material, "here");
  const key = generateKey(0);

  it("gives back the key for the same master key, ring and id only", () => {
    const wrapped = wrapKey(master, "tokens", key);
    expect(unwrapKey(master, "tokens", key.id, wrapped).equals(key.material!)).toBe(true);
    const other = masterKey(Buffer.alloc(32, 1), "there");
    expect(() => unwrapKey(other, "tokens", key.id, wrapped)).toThrow(UnsealError);
    expect(() => unwrapKey(master, "secrets", key.id, wrapped)).toThrow(UnsealError);
    expect(() => unwrapKey(master, "tokens", "00000000", wrapped)).toThrow(UnsealError);
    for (let at = 0; at < wrapped.length; at++) {
      const changed = Uint8Array.from(wrapped);
      changed[at]! ^= 1;
      expect(() => unwrapKey(master, "tokens", key.id, changed)).toThrow(UnsealError);
      expect(() => unwrapKey(master, "tokens", key.id, wrapped.subarray(0, at))).toThrow(UnsealError);
    }
  });

  it("does not contain the key", () => {
    const hex = Buffer.from(wrapKey(master, "tokens", key)).toString("hex");
    expect(hex).not.toContain(key.material!.export().toString("hex"));
  });

  it("refuses a retired key", () => {
    expect(() => wrapKey(master, "tokens", { id: key.id, material: null })).toThrow("is retired");
  });

  it("tells a wrong master key plainly", () => {
    expect(() => checkMasterKey(master, fingerprint)).not.toThrow();
    expect(() => checkMasterKey(masterKey(Buffer.alloc(32), "the file /k"), fingerprint)).toThrow(
      /^the master key from the file \/k is not the one that this data was sealed with .* start with the original/,
    );
  });
});

describe("from an environment variable", () => {
  const load = (value: string) => loadMasterKey({ environment: { name: "ROLECALL_MASTER_KEY", value } });

  it.each([
    ["base64", material.toString("base64")],
    ["base64 without padding", material.toString("base64").slice(0, -1)],
    ["base64url", material.toString("base64url")],
    ["hex", material.toString("hex")],
    ["hex in capitals, with white space", ` ${material.toString("hex").toUpperCase()}\n`],
  ])("%s", (_, value) => {
    expect(load(value).fingerprint).toBe(fingerprint);
  });

  it.each([
    "",
    "secret",
    material.toString("hex").slice(1),
    randomBytes(31).toString("base64"),
    randomBytes(33).toString("base64"),
  ])("refuses %j without repeating it", (value) => {
    expect(() => load(value)).toThrow(
      "the environment variable ROLECALL_MASTER_KEY does not hold a master key: it must be 32 bytes as base64 or 64 hex digits; make one with: openssl rand -base64 32",
    );
  });
});

describe("from a file", () => {
  const path = () => join(directory, "master.key");

  it("is read, also through a symbolic link and when the group may read it", () => {
    writeFileSync(path(), `${material.toString("base64")}\n`, { mode: 0o440 });
    symlinkSync(path(), join(directory, "link"));
    for (const file of [path(), join(directory, "link")]) {
      const master = loadMasterKey({ file });
      expect(master.fingerprint).toBe(fingerprint);
      expect(master.source).toBe(`the file ${file}`);
    }
  });

  it.each([0o644, 0o604, 0o602, 0o620, 0o666])("is refused with mode %o", (mode) => {
    writeFileSync(path(), material.toString("hex"));
    chmodSync(path(), mode);
    const shown = mode.toString(8).padStart(4, "0");
    expect(() => loadMasterKey({ file: path() })).toThrow(
      `the master key file ${path()} is open to others (mode ${shown}): chmod 600 ${path()}`,
    );
  });

  it("is told plainly when it is missing, a directory, or something else", () => {
    expect(() => loadMasterKey({ file: path() })).toThrow(
      `the master key file ${path()} does not exist: make one with: openssl rand -base64 32 > ${path()}`,
    );
    chmodSync(directory, 0o700);
    expect(() => loadMasterKey({ file: directory })).toThrow(/cannot be read .* check the path/);
    writeFileSync(path(), "hello", { mode: 0o600 });
    expect(() => loadMasterKey({ file: path() })).toThrow(/does not hold a master key/);
    writeFileSync(path(), "0".repeat(10_000), { mode: 0o600 });
    expect(() => loadMasterKey({ file: path() })).toThrow(/does not hold a master key/);
  });
});

describe("the choice of source", () => {
  it("is never silent about two, or none", () => {
    const environment = { name: "E", value: material.toString("hex") };
    expect(() => loadMasterKey({ file: "/k", environment })).toThrow(
      /given twice, by the file \/k and by the environment variable E/,
    );
    expect(() => loadMasterKey({})).toThrow(/no master key is configured/);
  });

  it("prefers what is configured to what would be generated", () => {
    const generateAt = join(directory, "generated.key");
    const environment = { name: "E", value: material.toString("hex") };
    expect(loadMasterKey({ environment, generateAt }).fingerprint).toBe(fingerprint);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("generating", () => {
  it("makes a file for its owner alone, once", () => {
    const generateAt = join(directory, "generated.key");
    const first = loadMasterKey({ generateAt });
    expect(statSync(generateAt).mode & 0o777).toBe(0o600);
    expect(readFileSync(generateAt, "utf8")).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
    expect(loadMasterKey({ generateAt }).fingerprint).toBe(first.fingerprint);
    expect(loadMasterKey({ file: generateAt }).fingerprint).toBe(first.fingerprint);
    expect(readdirSync(directory)).toEqual(["generated.key"]);
  });

  it("never replaces a file that is there but no key", () => {
    const generateAt = join(directory, "generated.key");
    writeFileSync(generateAt, "", { mode: 0o600 });
    expect(() => loadMasterKey({ generateAt })).toThrow(/does not hold a master key/);
    expect(readFileSync(generateAt, "utf8")).toBe("");
  });

  it("says where it could not", () => {
    expect(() => loadMasterKey({ generateAt: join(directory, "no", "where") })).toThrow(/no\/where cannot be made/);
  });
});
