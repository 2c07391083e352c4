import { randomBytes } from "node:crypto";
import { closeSync, fchmodSync, fstatSync, fsyncSync, linkSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import { MasterKeyError } from "./errors.ts";
import { masterKey, masterKeyBytes } from "./master-key.ts";
import type { MasterKey } from "./master-key.ts";

export interface MasterKeySources {
  /** A file that must exist. */
  readonly file?: string;
  /** The name and value of an environment variable. */
  readonly environment?: { readonly name: string; readonly value: string };
  /** A file that is made (mode 0600) where it does not exist. */
  readonly generateAt?: string;
}

const howToMake = "make one with: openssl rand -base64 32";

/**
 * The master key from the one source that is configured; `generateAt` is what remains when nothing is.
 * @throws MasterKeyError that says what is wrong, where, and how to mend it
 */
export function loadMasterKey(sources: MasterKeySources): MasterKey {
  return findMasterKey(sources) ?? generateMasterKey(sources.generateAt!);
}

/**
 * The same without making one.
 * @returns null where nothing is configured and there is no file at `generateAt` either
 * @throws MasterKeyError
 */
export function findMasterKey(sources: MasterKeySources): MasterKey | null {
  const { file, environment, generateAt } = sources;
  if (file !== undefined && environment !== undefined) {
    throw new MasterKeyError(
      `the master key is given twice, by the file ${file} and by the environment variable ${environment.name}: remove one`,
    );
  }
  if (environment !== undefined) {
    const source = `the environment variable ${environment.name}`;
    return masterKey(readText(environment.value, source), source);
  }
  if (file !== undefined) {
    const content = readKeyFile(file);
    if (content === null) {
      throw new MasterKeyError(`the master key file ${file} does not exist: ${howToMake} > ${file}`);
    }
    return masterKey(content, `the file ${file}`);
  }
  if (generateAt === undefined) {
    throw new MasterKeyError("no master key is configured: name a file or an environment variable that holds it");
  }
  const content = readKeyFile(generateAt);
  return content === null ? null : masterKey(content, `the file ${generateAt}`);
}

/** A new master key in a file of its own; where another process was faster, that one's. @throws MasterKeyError */
export function generateMasterKey(path: string): MasterKey {
  return masterKey(generate(path), `the file ${path}`);
}

/** 64 hex digits, or base64 (either alphabet, padding optional) of 32 bytes; white space around it is ignored. */
function readText(text: string, source: string): Uint8Array {
  const trimmed = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return Buffer.from(trimmed, "hex");
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return Buffer.from(trimmed, "base64");
  throw new MasterKeyError(
    `${source} does not hold a master key: it must be 32 bytes as base64 or 64 hex digits; ${howToMake}`,
  );
}

/** No key file is longer; what is longer is no key file. */
const longestFile = 256;

/** null where there is no such file. */
function readKeyFile(path: string): Uint8Array | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return null;
    throw unusable(path, "cannot be read", cause);
  }
  try {
    // On the open file, so that what was checked is what is read.
    checkMode(path, fstatSync(descriptor).mode);
    const buffer = Buffer.alloc(longestFile);
    const length = readSync(descriptor, buffer, 0, longestFile, 0);
    return readText(buffer.toString("latin1", 0, length), `the file ${path}`);
  } catch (cause) {
    if (cause instanceof MasterKeyError) throw cause;
    throw unusable(path, "cannot be read", cause);
  } finally {
    closeSync(descriptor);
  }
}

/** The owner alone may write it, and nobody outside owner and group may read it (Kubernetes mounts secrets as 0440). */
function checkMode(path: string, mode: number): void {
  if (process.platform === "win32" || (mode & 0o037) === 0) return;
  const shown = (mode & 0o777).toString(8).padStart(4, "0");
  throw new MasterKeyError(`the master key file ${path} is open to others (mode ${shown}): chmod 600 ${path}`);
}

/**
 * Makes the file whole or not at all: written and synced under another name, then linked to its own, which fails where
 * another process was faster; then that one's key counts.
 */
function generate(path: string): Uint8Array {
  const material = randomBytes(masterKeyBytes);
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    try {
      writeDraft(draft, `${material.toString("base64")}\n`);
      linkSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
    syncDirectory(dirname(path));
  } catch (cause) {
    const theirs = errorCode(cause) === "EEXIST" ? readKeyFile(path) : null;
    if (theirs !== null) return theirs;
    throw unusable(path, "cannot be made", cause);
  }
  return material;
}

function writeDraft(path: string, text: string): void {
  const descriptor = openSync(path, "wx", 0o600);
  try {
    fchmodSync(descriptor, 0o600);
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A name is durable once its directory is. */
function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function unusable(path: string, what: string, cause: unknown): MasterKeyError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MasterKeyError(`the master key file ${path} ${what} (${reason}): check the path and who may use it`, {
    cause,
  });
}

function errorCode(cause: unknown): unknown {
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}
