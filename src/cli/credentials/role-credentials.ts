import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { parseArn } from "../../arn/arn.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { CommandError, UsageError } from "../../launch/terminal.ts";
import { visible } from "../../text/visible.ts";
import type { Endpoint } from "../post.ts";
import type { Assumption } from "./assumption.ts";
import type { Source } from "./source.ts";
import { issue } from "./sts.ts";
import type { Issued } from "./sts.ts";

/** Credentials of a role's session, in the words of the container-credentials protocol. */
export interface RoleCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
  /** To the second: some clients read no fraction. */
  readonly Expiration: string;
  readonly AccountId: string;
}

/** Puts the role on, and once more each time. @throws CommandError, ServerFault */
export type Obtain = () => Promise<RoleCredentials>;

/** A session put on from another one lasts an hour at most. */
const chainedLimit = 3600;

/** @param lasting whether it will be asked for again and again */
export function roleCredentials(assumption: Assumption, source: Source, terminal: Terminal, lasting: boolean): Obtain {
  const { role, tokenFile, mfa } = assumption;
  if (tokenFile !== undefined) return byToken(assumption, tokenFile, source, terminal);
  if (mfa === undefined) return async () => credentialsOf(await issue(await source(), "AssumeRole", role));
  const code = (): Promise<string> => codeFor(mfa, terminal);
  const isLong = role.DurationSeconds !== undefined && role.DurationSeconds > chainedLimit;
  const [once, behind] = [onceByCode(assumption, source, code), behindSession(assumption, source, code)];
  if (!lasting || isLong) return once;
  // Whoever has a session already cannot begin one.
  return async () => ((await source()).credentials?.sessionToken === undefined ? behind() : once());
}

function byToken({ role }: Assumption, file: string, source: Source, terminal: Terminal): Obtain {
  const { RoleArn, RoleSessionName, DurationSeconds, Policy, PolicyArns } = role;
  const path = isAbsolute(file) ? file : join(terminal.cwd, file);
  return async () => {
    const input = { RoleArn, RoleSessionName, DurationSeconds, Policy, PolicyArns, WebIdentityToken: tokenIn(path) };
    return credentialsOf(await issue(await source(), "AssumeRoleWithWebIdentity", input));
  };
}

/** What writes such files mostly ends the line. @throws CommandError */
function tokenIn(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw new CommandError(`the token in ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/**
 * A code is good once, and a command that runs for hours needs the role again: the code goes into a session of one's own
 * (GetSessionToken), held in memory alone, from which the role is put on as often as needed.
 */
function behindSession({ role, mfa }: Assumption, source: Source, ask: () => Promise<string>): Obtain {
  let own: Promise<Endpoint> | null = null;
  const begin = async (): Promise<Endpoint> => {
    const endpoint = await source();
    const input = { SerialNumber: mfa!.serial, TokenCode: await ask() };
    const { Credentials: keys } = await issue(endpoint, "GetSessionToken", input);
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = keys;
    return { ...endpoint, credentials: { accessKeyId, secretAccessKey, sessionToken } };
  };
  return async () => {
    own ??= begin();
    return credentialsOf(await issue(await own, "AssumeRole", role));
  };
}

function onceByCode({ role, mfa }: Assumption, source: Source, ask: () => Promise<string>): Obtain {
  let used = false;
  return async () => {
    if (used) throw new CommandError("an MFA code is good once: begin again with a new one");
    const input = { ...role, SerialNumber: mfa!.serial, TokenCode: await ask() };
    used = true;
    return credentialsOf(await issue(await source(), "AssumeRole", input));
  };
}

/** @throws UsageError where nobody can be asked */
async function codeFor({ serial, code }: NonNullable<Assumption["mfa"]>, terminal: Terminal): Promise<string> {
  if (code !== undefined) return code;
  const typed = await terminal.readSecret(`MFA code of ${visible(serial)}: `);
  if (typed === null) throw new UsageError("there is no terminal to ask for the MFA code: give it by --mfa-code");
  if (!/^\d{6}$/.test(typed.trim())) throw new CommandError("an MFA code has six digits");
  return typed.trim();
}

function credentialsOf({ Credentials: keys, AssumedRoleUser: user }: Issued): RoleCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken: Token, Expiration } = keys;
  const instant = new Date(Expiration * 1000).toISOString().replace(".000Z", "Z");
  return { AccessKeyId, SecretAccessKey, Token, Expiration: instant, AccountId: parseArn(user!.Arn)!.account };
}
