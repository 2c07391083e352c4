/** The whole way, with real software: a provider from npm gives a token; the aws CLI and the AWS SDK put on a role with it. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sqlite } from "../../contract/backends.ts";
import { awsCliVersion, awsCommand } from "../clients/aws-cli.ts";
import { startNpmProvider } from "../../harness/npm-oidc-provider.ts";
import type { NpmProvider } from "../../harness/npm-oidc-provider.ts";
import { dataDirectory, onEachDatabase } from "../../harness/places.ts";
import { accountA, allow, arn, document, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const cli = awsCliVersion();
const directory = dataDirectory();
const nobody = { accessKeyId: "", secretAccessKey: "" };
const root = join(import.meta.dirname, "../../..");

onEachDatabase("a provider from npm", (start, backend) => {
  let provider: NpmProvider;
  let world: World;
  let role: string;
  let tokenFile: string;

  beforeAll(async () => {
    provider = await startNpmProvider();
    world = await startWorld(start, {
      issuers: { privateIssuers: [{ host: "127.0.0.1", port: provider.port }], authorities: [provider.ca] },
    });
    const name = provider.url.slice("https://".length);
    const federated = arn(accountA, `oidc-provider/${name}`);
    await world.a.iam.createOpenIDConnectProvider({ Url: provider.url, ClientIDList: ["sts.amazonaws.com"] });
    const condition = { StringEquals: { [`${name}:sub`]: "ci", [`${name}:aud`]: "sts.amazonaws.com" } };
    const Action = "sts:AssumeRoleWithWebIdentity";
    role = await world.role(
      world.a,
      "ci",
      document({ Effect: "Allow", Principal: { Federated: federated }, Action, Condition: condition }),
      allow("iam:GetRole"),
    );
    tokenFile = join(directory, "token");
    writeFileSync(tokenFile, `${await provider.token("sts.amazonaws.com")}\n`);
  });

  afterAll(() => provider.close());

  // Each of its commands takes a second.
  describe.skipIf(cli === null || backend !== sqlite)("and the aws CLI", () => {
    test("assumes a role with a token, all parameters given", async () => {
      const policy = document(allow("iam:GetRole"));
      const names = `--role-arn ${role} --role-session-name job --duration-seconds 900`.split(" ");
      const policies = ["--policy", policy, "--policy-arns", "arn=arn:aws:iam::aws:policy/ReadOnlyAccess"];
      const token = ["--web-identity-token", await provider.token("sts.amazonaws.com")];
      const call = ["sts", "assume-role-with-web-identity", ...names, ...policies, ...token];
      const { code, out, err } = await awsCommand(world.url, nobody, call);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const answer = JSON.parse(out) as { readonly Credentials: { readonly Expiration: string } };
      expect(answer).toMatchObject({
        SubjectFromWebIdentityToken: "ci",
        Audience: "sts.amazonaws.com",
        Provider: arn(accountA, `oidc-provider/${provider.url.slice("https://".length)}`),
        AssumedRoleUser: { Arn: `arn:aws:sts::${accountA}:assumed-role/ci/job` },
        PackedPolicySize: expect.any(Number),
      });
      const left = Date.parse(answer.Credentials.Expiration) - Date.now();
      expect(left).toBeGreaterThan(800_000);
      expect(left).toBeLessThanOrEqual(900_000);
    });

    test("takes AWS_WEB_IDENTITY_TOKEN_FILE, as in a pod", async () => {
      const { code, out, err } = await awsCommand(
        world.url,
        nobody,
        ["iam", "get-role", "--role-name", "ci"],
        webIdentity(),
      );
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(JSON.parse(out)).toMatchObject({ Role: { Arn: role } });
    });
  });

  /** What a pod or a job has, and no keys. */
  function webIdentity(): NodeJS.ProcessEnv {
    return {
      // The CLI keeps what it got there.
      HOME: directory,
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_ROLE_ARN: role,
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      AWS_ROLE_SESSION_NAME: "pod",
      AWS_REGION: "eu-central-1",
    };
  }

  test("the AWS SDK for JavaScript takes AWS_WEB_IDENTITY_TOKEN_FILE", async () => {
    const script = `
      import { STS } from "@aws-sdk/client-sts";
      console.log(JSON.stringify(await new STS({}).getCallerIdentity({})));`;
    const out = await new Promise<string>((resolve, reject) => {
      const environment = { PATH: process.env["PATH"], AWS_ENDPOINT_URL: world.url, AWS_EC2_METADATA_DISABLED: "true" };
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        cwd: root,
        env: { ...environment, ...webIdentity() },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
      child.once("error", reject);
      child.once("close", (code) => (code === 0 ? resolve(said) : reject(new Error(said))));
    });
    expect(out).toContain(`"Arn":"arn:aws:sts::${accountA}:assumed-role/ci/pod"`);
  });
});
