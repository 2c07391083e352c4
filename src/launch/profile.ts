import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { formatIni, parseIni } from "./ini.ts";
import type { Section } from "./ini.ts";

/** An administrator's entry in the data directory's AWS profile. */
export interface ProfileEntry {
  /** The AWS profile: `rolecall` for the operator's account, `rolecall-ACCOUNT` for others. */
  readonly name: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Where the server is and what speaks to it by default; the same for all profiles. */
export interface Reach {
  readonly url: string;
  readonly region: string;
  /** A PEM file to trust, where the server's certificate is its own issuer. */
  readonly caBundle: string | null;
}

export const operatorProfile = "rolecall";

const comment = "Written by rolecall: the administrators of its accounts. Keep it secret.";

/**
 * The AWS profile of a data directory: `credentials` (mode 0600) with the administrators' keys and `config` with the
 * endpoint, so that AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE and AWS_PROFILE are all that a client needs.
 */
export class Profile {
  readonly credentialsFile: string;
  readonly configFile: string;
  readonly #directory: string;

  constructor(dataDirectory: string) {
    this.#directory = dataDirectory;
    this.credentialsFile = join(dataDirectory, "credentials");
    this.configFile = join(dataDirectory, "config");
  }

  entries(): readonly ProfileEntry[] {
    return parseIni(readOrEmpty(this.credentialsFile)).flatMap(({ name, values }) => {
      const {
        aws_access_key_id: accessKeyId,
        aws_secret_access_key: secretAccessKey,
        aws_account_id: accountId,
      } = values;
      if (accessKeyId === undefined || secretAccessKey === undefined || accountId === undefined) return [];
      return [{ name, accountId, accessKeyId, secretAccessKey }];
    });
  }

  /** The entry of an account, or the operator's. */
  entry(accountId: string | undefined): ProfileEntry | undefined {
    const entries = this.entries();
    return accountId === undefined
      ? entries.find(({ name }) => name === operatorProfile)
      : entries.find((entry) => entry.accountId === accountId);
  }

  /** Null before the first start. */
  reach(): Reach | null {
    const section = parseIni(readOrEmpty(this.configFile)).find(({ name }) => name === `profile ${operatorProfile}`);
    const url = section?.values["endpoint_url"];
    if (section === undefined || url === undefined) return null;
    return {
      url,
      region: section.values["region"] ?? "us-east-1",
      caBundle: section.values["ca_bundle"] ?? null,
    };
  }

  /**
   * Puts administrators in: an account's former entry makes way, and an operator of another account (the data directory
   * served another database before) moves to a name of its own, so that no secret is lost.
   */
  put(added: readonly Omit<ProfileEntry, "name">[], operatorAccount: string | null): void {
    const ids = new Set(added.map(({ accountId }) => accountId));
    const kept = this.entries().filter(({ accountId }) => !ids.has(accountId));
    this.#writeEntries(
      [...added, ...kept].map((entry) => ({ ...entry, name: profileName(entry.accountId, operatorAccount) })),
    );
  }

  /** Puts back what `entries` gave earlier. */
  restore(entries: readonly ProfileEntry[]): void {
    this.#writeEntries(entries);
  }

  /** Tells every profile where the server is now. */
  writeReach(reach: Reach): void {
    const names = new Set([operatorProfile, ...this.entries().map(({ name }) => name)]);
    const foreign = parseIni(readOrEmpty(this.configFile)).filter(({ name }) => !isOurs(name.replace(/^profile /, "")));
    const values = {
      region: reach.region,
      endpoint_url: reach.url,
      ...(reach.caBundle === null ? {} : { ca_bundle: reach.caBundle }),
    };
    const sections = [...names].map((name) => ({ name: `profile ${name}`, values }));
    this.#write(this.configFile, formatIni("Written by rolecall at every start.", [...sections, ...foreign]));
  }

  #writeEntries(entries: readonly ProfileEntry[]): void {
    const sections: Section[] = [...entries]
      .sort(operatorFirst)
      .map(({ name, accountId, accessKeyId, secretAccessKey }) => ({
        name,
        values: {
          aws_access_key_id: accessKeyId,
          aws_secret_access_key: secretAccessKey,
          aws_account_id: accountId,
        },
      }));
    const foreign = parseIni(readOrEmpty(this.credentialsFile)).filter(({ name }) => !isOurs(name));
    this.#write(this.credentialsFile, formatIni(comment, [...sections, ...foreign]));
  }

  /** Whole or not at all, and on the disk before anything relies on it. */
  #write(file: string, text: string): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const draft = `${file}.${randomBytes(6).toString("hex")}`;
    try {
      const descriptor = openSync(draft, "wx", 0o600);
      try {
        writeSync(descriptor, text);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(draft, file);
      syncDirectory(this.#directory);
    } finally {
      rmSync(draft, { force: true });
    }
  }
}

/** A rename is durable once its directory is. */
function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function profileName(accountId: string, operatorAccount: string | null): string {
  return accountId === operatorAccount ? operatorProfile : `${operatorProfile}-${accountId}`;
}

/**
 * The files are AWS's own form, and the greeting points AWS_SHARED_CREDENTIALS_FILE at them: what `aws configure` put
 * there is somebody's, and stays.
 */
function isOurs(profile: string): boolean {
  return profile === operatorProfile || /^rolecall-\d{12}$/.test(profile);
}

function operatorFirst(a: ProfileEntry, b: ProfileEntry): number {
  return Number(b.name === operatorProfile) - Number(a.name === operatorProfile);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
