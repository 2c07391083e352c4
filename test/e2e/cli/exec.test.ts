/** `rolecall exec` and `rolecall credential-process`, as programs, with the clients that are on this machine. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Started } from "../../../src/launch/runtime.ts";
import { readAssumption } from "../../../src/cli/credentials/assumption.ts";
import { roleCredentials } from "../../../src/cli/credentials/role-credentials.ts";
import { findSource } from "../../../src/cli/credentials/source.ts";
import { emptyDirectory, Recorder, rolecall, serveIn } from "../../harness/cli.ts";
import { caller } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { askers, bareEnvironment, hasAws, startAsker } from "../../harness/identity/clients.ts";
import { phoneOf } from "../../harness/phone.ts";
import type { Phone } from "../../harness/phone.ts";
import { allow, document, trust } from "../../harness/world.ts";
import { root } from "../../docs/documents.ts";
import { buildOnce } from "../docs/shell.ts";

const directory = emptyDirectory();
const program = [process.execPath, join(root, "dist", "main.js")] as const;
let served: Started;
let administrator: Caller;
let account: string;
let variables: Record<string, string>;
let role: string;

beforeAll(async () => {
  buildOnce();
  served = await serveIn(directory.path);
  const { out } = await rolecall(directory.path, ["env", "--json"]);
  ({ AccountId: account = "", ...variables } = JSON.parse(out) as Record<string, string>);
  administrator = caller(variables["AWS_ENDPOINT_URL"]!, {
    accessKeyId: variables["AWS_ACCESS_KEY_ID"]!,
    secretAccessKey: variables["AWS_SECRET_ACCESS_KEY"]!,
  });
  role = await makeRole("worn", ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]);
});
afterAll(async () => {
  await served.close();
  directory.remove();
});

async function makeRole(name: string, action: unknown, more: object = {}): Promise<string> {
  const AssumeRolePolicyDocument = trust({ AWS: account }, action, more);
  const { Role } = await administrator.iam.createRole({ RoleName: name, AssumeRolePolicyDocument });
  return Role!.Arn!;
}

/** Starts the program with a home of its own; what it says is kept. */
function start(words: readonly string[], environment: Record<string, string> = {}, input = "") {
  const child = spawn(program[0], [program[1], ...words], {
    cwd: directory.path,
    env: { ...bareEnvironment, HOME: directory.path, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.err += text));
  child.stdin.end(input);
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, ...said }));
  });
  return { child, ended, said };
}

const run = (words: readonly string[], environment?: Record<string, string>, input?: string) =>
  start(words, environment, input).ended;
const shell = (script: string, environment?: Record<string, string>, more: readonly string[] = []) =>
  run(["exec", "--role", role, "--session-name", "ann", ...more, "--", "sh", "-c", script], environment);

describe("exec", () => {
  const worn = (): string => `arn:aws:sts::${account}:assumed-role/worn/ann`;

  test("every client of AWS in the command is the role, by nothing but the container protocol", async () => {
    const asking = askers.map(([, command]) => `echo | ${command.map((word) => `'${word}'`).join(" ")}`);
    const aws = hasAws ? ["aws sts get-caller-identity --query Arn --output text"] : [];
    const { code, out, err } = await shell([...asking, ...aws, "env | grep ^AWS_ | cut -d= -f1 | sort"].join(" && "));
    expect(err).toBe("");
    const lines = out.trim().split("\n");
    const identities = lines.filter((line) => line.includes("arn:"));
    expect(identities).toHaveLength(asking.length + aws.length);
    for (const line of identities) expect(line).toMatch(new RegExp(`^(ASIA[A-Z2-7]{16} )?${worn()}$`));
    expect(lines.filter((line) => line.startsWith("AWS_"))).toEqual([
      "AWS_CONTAINER_AUTHORIZATION_TOKEN",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
      "AWS_DEFAULT_REGION",
      "AWS_EC2_METADATA_DISABLED",
      "AWS_ENDPOINT_URL",
      "AWS_MAX_ATTEMPTS",
      "AWS_PAGER",
      "AWS_REGION",
    ]);
    expect(code).toBe(0);
  });

  test("what would win over the role is not handed on, and that is said", async () => {
    const [, command] = askers[0]!;
    const files = join(directory.path, "aws");
    writeFileSync(
      `${files}-credentials`,
      "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n",
    );
    writeFileSync(`${files}-config`, "[default]\nregion = eu-west-1\n");
    const { out, err } = await shell(
      `echo | '${command.join("' '")}' && echo config $AWS_CONFIG_FILE s3 $AWS_ENDPOINT_URL_S3`,
      {
        AWS_PROFILE: "production",
        AWS_SESSION_TOKEN: "left over",
        AWS_WEB_IDENTITY_TOKEN_FILE: "/nowhere",
        AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/credentials",
        AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1",
        AWS_ENDPOINT_URL_S3: "http://127.0.0.1:2",
        AWS_SHARED_CREDENTIALS_FILE: `${files}-credentials`,
        AWS_CONFIG_FILE: `${files}-config`,
      },
    );
    expect(out).toContain(worn());
    expect(out).toContain(`config ${files}-config s3 http://127.0.0.1:2`);
    expect(err).toBe(
      "rolecall: the command has the role's credentials; not handed on: AWS_SESSION_TOKEN, AWS_PROFILE, AWS_WEB_IDENTITY_TOKEN_FILE, " +
        `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_ENDPOINT_URL_STS, the default profile of ${files}-credentials\n`,
    );
  });

  test("all that AssumeRole takes is taken", async () => {
    const named = await makeRole("named", ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"], {
      Condition: {
        StringEquals: { "sts:ExternalId": "x1", "sts:SourceIdentity": "ann.j", "aws:RequestTag/team": "a_b" },
        "ForAllValues:StringEquals": { "sts:TransitiveTagKeys": "team" },
      },
    });
    await administrator.iam.attachRolePolicy({
      RoleName: "named",
      PolicyArn: "arn:aws:iam::aws:policy/IAMReadOnlyAccess",
    });
    writeFileSync(
      join(directory.path, "less.json"),
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:ListRoles","Resource":"*"}}',
    );
    const options =
      `--role ${named} --session-name ann --external-id x1 --source-identity ann.j --tag team=a_b --tag empty= ` +
      "--transitive-tag team --duration-seconds 900 --policy less.json --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    const words = ["credential-process", ...options.split(" ")];
    const { code, out, err } = await rolecall(directory.path, words);
    expect(err).toBe("");
    expect(code).toBe(0);
    const given = JSON.parse(out) as Record<string, string>;
    expect(Object.keys(given)).toEqual([
      "Version",
      "AccessKeyId",
      "SecretAccessKey",
      "SessionToken",
      "Expiration",
      "AccountId",
    ]);
    expect(given).toMatchObject({
      Version: 1,
      AccountId: account,
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(Date.parse(given["Expiration"]!) - Date.now()).toBeLessThanOrEqual(900_000);
    const { iam } = caller(variables["AWS_ENDPOINT_URL"]!, {
      accessKeyId: given["AccessKeyId"]!,
      secretAccessKey: given["SecretAccessKey"]!,
      sessionToken: given["SessionToken"]!,
    });
    await iam.listRoles({});
    await expect(iam.listUsers({})).rejects.toThrow("because no session policy allows the iam:ListUsers action");
  });

  test("standard input and outputs are the command's own, its exit code is told on, and nothing is served any more", async () => {
    const script = "cat; echo $AWS_CONTAINER_CREDENTIALS_FULL_URI; echo to stderr >&2; exit 7";
    const { code, out, err } = await run(["exec", "--role", role, "--", "sh", "-c", script], {}, "what was typed\n");
    const [typed, url = ""] = out.split("\n");
    expect({ code, typed, err }).toEqual({ code: 7, typed: "what was typed", err: "to stderr\n" });
    await expect(fetch(url)).rejects.toThrow();
  });

  test("what cannot be run is said as a shell says it", async () => {
    const missing = await run(["exec", "--role", role, "--", "nosuch-command"]);
    expect(missing).toEqual({
      code: 127,
      out: "",
      err: 'rolecall: "nosuch-command" cannot be run: there is no such command\n',
    });
    const directoryRun = await run(["exec", "--role", role, "--", "/"]);
    expect(directoryRun).toMatchObject({ code: 126, err: expect.stringContaining("cannot be run") });
  });

  test("signals are handed on, the command decides, and one that ends it is told as a shell does", async () => {
    const traps = ["TERM", "INT", "HUP"].map((signal) => `trap 'echo ${signal}' ${signal}`).join("; ");
    const script = `${traps}; trap 'kill -KILL $$' USR1; echo ready; while :; do sleep 0.05; done`;
    const { child, ended, said } = start(["exec", "--role", role, "--", "sh", "-c", script]);
    const next = { ready: "SIGTERM", TERM: "SIGINT", INT: "SIGHUP", HUP: "SIGUSR1" } as const;
    child.stdout.on("data", () => child.kill(next[said.out.trim().split("\n").at(-1) as keyof typeof next]));
    expect(await ended).toMatchObject({ code: 128 + 9, out: "ready\nTERM\nINT\nHUP\n" });
  });

  test("inside of a role another one is put on as the role, not as the administrator", async () => {
    await administrator.iam.createRole({
      RoleName: "next",
      AssumeRolePolicyDocument: trust({ AWS: role }),
    });
    const inner = [...program, "credential-process", "--role", role.replace("worn", "next")].join(" ");
    expect(JSON.parse((await shell(inner)).out)).toMatchObject({ AccountId: account });
    const { code, err } = await shell(inner.replace("next", "worn"));
    expect(err).toContain(`User: ${worn()} is not authorized to perform: sts:AssumeRole`);
    expect(err).toMatch(/rolecall explain --request [0-9a-f-]{36}/);
    expect(code).toBe(1);
  });

  test("what is refused is said before anything is run", async () => {
    const { code, out, err } = await run(["exec", "--role", `${role}x`, "--", "echo", "run"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("AccessDenied");
  });
});

describe("an MFA code", () => {
  let careful: string;
  let phone: Phone;
  let environment: Record<string, string>;
  beforeAll(async () => {
    await administrator.iam.createUser({ UserName: "eve" });
    await administrator.iam.putUserPolicy({
      UserName: "eve",
      PolicyName: "own",
      PolicyDocument: document(allow("sts:AssumeRole")),
    });
    const { AccessKey: key } = await administrator.iam.createAccessKey({ UserName: "eve" });
    phone = await phoneOf(administrator, "eve");
    const condition = { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } };
    careful = await makeRole("careful", "sts:AssumeRole", condition);
    environment = {
      ...variables,
      AWS_ACCESS_KEY_ID: key!.AccessKeyId!,
      AWS_SECRET_ACCESS_KEY: key!.SecretAccessKey!,
    };
  });

  const withCode = (code: string | null, ...more: readonly string[]) => {
    const words = ["credential-process", "--role", careful, "--mfa-serial", phone.serial, ...more];
    return rolecall(directory.path, words, environment, "", code);
  };

  test("is asked for on the terminal, and good once", async () => {
    const code = phone.code(-1);
    const { out, err } = await withCode(code);
    expect(err).toBe(`MFA code of ${phone.serial}: `);
    expect(JSON.parse(out)).toMatchObject({ AccountId: account });
    expect(await withCode(null, "--mfa-code", code)).toMatchObject({
      code: 1,
      err: expect.stringContaining("invalid MFA one time pass code"),
    });
    expect((await withCode(null)).err).toContain("there is no terminal to ask for the MFA code: give it by --mfa-code");
    expect((await withCode("12")).err).toContain("an MFA code has six digits");
  });

  test("puts the role on as often as a command needs it: it goes into a session of one's own", async () => {
    const given = ["--role", careful, "--mfa-serial", phone.serial, "--mfa-code", phone.code(0)];
    const terminal = new Recorder(directory.path, environment);
    const values = Object.fromEntries(
      given.flatMap((word, at) => (at % 2 === 0 ? [[word.slice(2), given[at + 1]!]] : [])),
    );
    const assumption = await readAssumption("exec", values, new Map(), terminal);
    const obtain = roleCredentials(assumption, findSource(assumption, values, terminal), terminal, true);
    const [first, second] = [await obtain(), await obtain()];
    expect(first.AccessKeyId).not.toBe(second.AccessKeyId);
    expect(terminal.err).toBe("");
  });
});

describe("credential-process", () => {
  const words = (): string[] => [...program, "credential-process", "--role", role, "--session-name", "bo"];

  test.each(askers)("%s takes it from a profile", async (_name, command) => {
    const config = join(directory.path, "process-config");
    const line = [...words(), "--data-dir", join(directory.path, ".rolecall")].join(" ");
    writeFileSync(
      config,
      `[profile worn]\nregion = us-east-1\nendpoint_url = ${variables["AWS_ENDPOINT_URL"]!}\ncredential_process = ${line}\n`,
    );
    const asker = startAsker(command, {
      ...bareEnvironment,
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_PROFILE: "worn",
    });
    expect((await asker.ask()).arn).toBe(`arn:aws:sts::${account}:assumed-role/worn/bo`);
    asker.close();
  });

  test("puts the role on as a profile of ~/.aws, whatever else is there", async () => {
    const made = await administrator.iam.createUser({ UserName: "dora" });
    await administrator.iam.createRole({
      RoleName: "doras",
      AssumeRolePolicyDocument: trust({ AWS: made.User!.Arn! }),
    });
    const { AccessKey: key } = await administrator.iam.createAccessKey({ UserName: "dora" });
    writeFileSync(
      join(directory.path, "dora"),
      `[dora]\naws_access_key_id = ${key!.AccessKeyId!}\naws_secret_access_key = ${key!.SecretAccessKey!}\n`,
    );
    const asDora = (name: string) =>
      rolecall(directory.path, ["credential-process", "--role", role.replace("worn", "doras"), "--profile", name], {
        ...variables,
        AWS_SHARED_CREDENTIALS_FILE: join(directory.path, "dora"),
        AWS_CONFIG_FILE: "/dev/null",
      });
    expect((await asDora("dora")).err).toBe("");
    expect((await asDora("rolecall")).err, "the administrator, of the data directory").toContain(
      "user/administrator is not authorized",
    );
    expect((await asDora("nobody")).err).toContain('the profile "nobody" has no access key');
  });

  test("whoever the AWS variables are wins over the administrator of the data directory", async () => {
    const { err } = await rolecall(directory.path, ["credential-process", "--role", role], {
      ...variables,
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    });
    expect(err).toContain("InvalidClientTokenId");
  });
});
