/** The real terraform, where it and the provider for AWS are on this machine. Nothing is fetched. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { SigningCredentials } from "../../src/sigv4/sign.ts";

/** `Terraform v1.11.4`, or null where it is not installed. */
export function terraformVersion(): string | null {
  const { status, stdout } = spawnSync("terraform", ["version"], { encoding: "utf8", timeout: 20_000 });
  return status === 0 ? stdout.split("\n", 1)[0]! : null;
}

/** A variable of the environment that names a folder of providers. */
export const mirrorVariable = "ROLECALL_TERRAFORM_PLUGINS";

/** A folder with the AWS provider in the layout of terraform's mirrors, or null; `mirrorVariable` names one. */
export function providerMirror(): string | null {
  const { [mirrorVariable]: named, TF_PLUGIN_CACHE_DIR: cache } = process.env;
  const below = (folder: string) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);
  const own = join(homedir(), ".terraform.d");
  // Where terraform itself looks (its documentation, implied local mirror directories), and where images put things.
  const implied = [join(own, "plugins"), "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins"];
  const candidates = [named, cache, ...implied, join(own, "plugin-cache"), ...below("/opt")];
  const holds = (folder: string) => existsSync(join(folder, "registry.terraform.io/hashicorp/aws"));
  return candidates.find((folder) => folder !== undefined && holds(folder)) ?? null;
}

export interface TerraformAnswer {
  readonly code: number;
  readonly out: string;
}

export type Terraform = (...args: readonly string[]) => Promise<TerraformAnswer>;

/** The command in a folder with a configuration; nothing of the machine's own configuration reaches it. */
export function terraformIn(folder: string, url: string, keys: SigningCredentials): Terraform {
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    TF_IN_AUTOMATION: "1",
    TF_CLI_CONFIG_FILE: "/dev/null",
    CHECKPOINT_DISABLE: "1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
  return (...args) =>
    new Promise((resolve) => {
      const options = { cwd: folder, env, encoding: "utf8", maxBuffer: 2 ** 27 } as const;
      execFile("terraform", args, options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, out: `${stdout}${stderr}` });
      });
    });
}
