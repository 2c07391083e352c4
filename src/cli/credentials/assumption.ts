import type { AssumeRoleRequest } from "../../contracts/sts/types.gen.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { UsageError } from "../../launch/terminal.ts";
import type { Option, OptionValues, Repeated } from "../command.ts";
import { readText } from "../policy/input.ts";

/** Which role is put on, and how: what a command line says of it. */
export interface Assumption {
  readonly role: AssumeRoleRequest;
  /** Instead of credentials: the file that holds a provider's token, read anew each time. */
  readonly tokenFile: string | undefined;
  readonly mfa: { readonly serial: string; readonly code: string | undefined } | undefined;
}

export const assumptionOptions: readonly Option[] = [
  { name: "role", placeholder: "ARN", describe: "The role to put on." },
  {
    name: "session-name",
    placeholder: "NAME",
    describe: "How the trail calls the session. Default: AWS_ROLE_SESSION_NAME, or who you are on this machine.",
  },
  {
    name: "web-identity-token-file",
    placeholder: "FILE",
    describe: "Show the token in this file instead of credentials. It is read anew each time.",
  },
  { name: "external-id", placeholder: "ID", describe: "What the role's owner agreed on with you." },
  {
    name: "duration-seconds",
    placeholder: "SECONDS",
    describe: "900 up to the role's maximum. Default: 3600, or what the token says.",
  },
  { name: "source-identity", placeholder: "NAME", describe: "Who you are, for this and all further sessions." },
  { name: "tag", placeholder: "KEY=VALUE", describe: "A session tag. May be repeated.", repeats: true },
  {
    name: "transitive-tag",
    placeholder: "KEY",
    describe: "A tag that further sessions keep. May be repeated.",
    repeats: true,
  },
  { name: "policy", placeholder: "FILE", describe: "A session policy: less than the role may." },
  {
    name: "policy-arn",
    placeholder: "ARN",
    describe: "A managed policy as session policy. May be repeated.",
    repeats: true,
  },
  { name: "mfa-serial", placeholder: "SERIAL", describe: "Your MFA device: its ARN, or the number on it." },
  { name: "mfa-code", placeholder: "CODE", describe: "The code that it shows. Without it, it is asked for." },
];

/** What a provider's token says, or makes needless. */
const notWithToken = ["profile", "external-id", "source-identity", "tag", "transitive-tag", "mfa-serial", "mfa-code"];

/** @param command for messages @throws UsageError, InputError */
export async function readAssumption(
  command: string,
  values: OptionValues,
  repeated: Repeated,
  terminal: Terminal,
): Promise<Assumption> {
  const given = (name: string): string | undefined => values[name] as string | undefined;
  const arn = given("role");
  if (arn === undefined)
    throw new UsageError(`${command} needs --role, such as arn:aws:iam::111122223333:role/deployer`);
  if (!/^arn:[\w-]+:iam::\d{12}:role\/\S+$/.test(arn)) {
    throw new UsageError(`--role ${arn}: give the role's ARN, such as arn:aws:iam::111122223333:role/deployer`);
  }
  const tokenFile = given("web-identity-token-file");
  const idle = notWithToken.find((name) => tokenFile !== undefined && values[name] !== undefined);
  if (idle !== undefined)
    throw new UsageError(`--${idle} does not go with --web-identity-token-file: the token says who you are`);
  const [serial, code] = [given("mfa-serial"), given("mfa-code")];
  if (serial === undefined && code !== undefined) throw new UsageError("--mfa-code needs --mfa-serial");
  if (code !== undefined && !/^\d{6}$/.test(code)) throw new UsageError("--mfa-code has six digits");
  const policy = given("policy");
  if (policy === "-") throw new UsageError("--policy is a file: standard input is not read");
  return {
    role: {
      RoleArn: arn,
      RoleSessionName: given("session-name") ?? ownName(terminal),
      ExternalId: given("external-id"),
      DurationSeconds: seconds(given("duration-seconds")),
      SourceIdentity: given("source-identity"),
      Tags: repeated.get("tag")?.map(tagOf),
      TransitiveTagKeys: repeated.get("transitive-tag"),
      Policy: policy === undefined ? undefined : await readText(policy, terminal),
      PolicyArns: repeated.get("policy-arn")?.map((policyArn) => ({ arn: policyArn })),
    },
    tokenFile,
    mfa: serial === undefined ? undefined : { serial, code },
  };
}

/** @throws UsageError */
function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value < 900 || value > 43_200) throw new UsageError("--duration-seconds goes from 900 to 43200");
  return value;
}

function tagOf(text: string): { Key: string; Value: string } {
  const equals = text.indexOf("=");
  if (equals < 1) throw new UsageError(`--tag ${text}: give KEY=VALUE`);
  return { Key: text.slice(0, equals), Value: text.slice(equals + 1) };
}

/** Trails are read by people: the name that somebody has on his machine tells more than a number. */
function ownName({ environment }: Terminal): string {
  const name =
    environment["AWS_ROLE_SESSION_NAME"] ??
    environment["USER"] ??
    environment["LOGNAME"] ??
    environment["USERNAME"] ??
    "";
  const allowed = name.replaceAll(/[^\w+=,.@-]/g, "-").slice(0, 64);
  return allowed.length < 2 ? "rolecall" : allowed;
}
