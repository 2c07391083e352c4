/** `mfa_serial` in the profile of a role: the aws CLI asks for the code on the terminal, boto3 as well. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { phoneOf } from "../../harness/phone.ts";
import type { Phone } from "../../harness/phone.ts";
import { starter } from "../../harness/places.ts";
import { accountA, accountB, allow, arn, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const hasCli = spawnSync("aws", ["--version"], { timeout: 20_000 }).status === 0;
const hasBoto = spawnSync("python3", ["-c", "import boto3"], { timeout: 20_000 }).status === 0;
const home = mkdtempSync(join(tmpdir(), "rolecall-mfa-"));
afterAll(() => rmSync(home, { recursive: true }));

describe("a profile with mfa_serial", () => {
  const start = starter();
  let world: World;
  let phone: Phone;
  let role: string;

  beforeAll(async () => {
    world = await startWorld(start);
    const ann = await world.user(world.a, "ann", allow("sts:AssumeRole"));
    phone = await phoneOf(world.a, "ann");
    const present = { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } };
    role = await world.role(world.b, "careful", trust({ AWS: arn(accountA, "user/ann") }, "sts:AssumeRole", present));
    writeFileSync(
      join(home, "credentials"),
      `[ann]\naws_access_key_id = ${ann.keys.accessKeyId}\naws_secret_access_key = ${ann.keys.secretAccessKey}\n`,
    );
    const profile = (name: string, more: string) =>
      `[profile ${name}]\nrole_arn = ${role}\nsource_profile = ann\nrole_session_name = ${name}\n${more}\n`;
    writeFileSync(
      join(home, "config"),
      profile("careful", `mfa_serial = ${phone.serial}`) +
        profile("boto", `mfa_serial = ${phone.serial}`) +
        profile("careless", ""),
    );
  });

  /** Without a terminal of its own, a password is read from standard input (Python, getpass). */
  function run(
    command: string,
    words: readonly string[],
    typed: string,
  ): Promise<{ code: number | null; text: string }> {
    const env = {
      PATH: process.env["PATH"],
      HOME: home,
      AWS_CONFIG_FILE: join(home, "config"),
      AWS_SHARED_CREDENTIALS_FILE: join(home, "credentials"),
      AWS_ENDPOINT_URL: world.url,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "1",
      AWS_PAGER: "",
    };
    return new Promise((resolve) => {
      // A session of its own has no terminal to open.
      const child = spawn(command, words, { env, detached: true });
      let text = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
      child.stdin.end(`${typed}\n`);
      child.on("close", (code) => resolve({ code, text }));
    });
  }

  const cli = (profile: string, code: string) =>
    run("aws", ["--profile", profile, "sts", "get-caller-identity", "--query", "Arn", "--output", "text"], code);
  const who = (name: string) => `arn:aws:sts::${accountB}:assumed-role/careful/${name}`;

  it.skipIf(!hasCli)("the aws CLI asks, and has the role for a right code", async () => {
    const asked = await cli("careful", phone.code());
    expect(asked.text).toContain(`Enter MFA code for ${phone.serial}`);
    expect(asked.text).toContain(who("careful"));
    expect(asked.code).toBe(0);
    const without = await cli("careless", "");
    expect(without.text).toContain("is not authorized to perform: sts:AssumeRole");
    expect(without.code).not.toBe(0);
  });

  it.skipIf(!hasBoto)("boto3 asks too, and is told of a code that was used", async () => {
    const program =
      "import boto3; print(boto3.Session(profile_name='boto').client('sts').get_caller_identity()['Arn'])";
    // Made once: half a minute ends at any moment, and then the phone shows another.
    const code = phone.code(1);
    const asked = await run("python3", ["-c", program], code);
    expect(asked.text).toContain(who("boto"));
    const again = await run("python3", ["-c", program], code);
    expect(again.text).toContain("MultiFactorAuthentication failed with invalid MFA one time pass code");
  });
});
