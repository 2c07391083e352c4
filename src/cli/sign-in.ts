import type { RolecallOperations } from "../contracts/rolecall/contract.ts";
import { call } from "./client.ts";
import { ServerFault } from "./post.ts";
import type { Endpoint } from "./post.ts";
import type { Command, OptionValues } from "./command.ts";
import { findServer } from "./endpoint.ts";
import { dataOptions } from "./options.ts";
import { CommandError, exitCode, jsonLine, shellWord, UsageError } from "../launch/terminal.ts";
import type { Terminal } from "../launch/terminal.ts";

type Input = RolecallOperations["SignIn"]["input"];
type Output = RolecallOperations["SignIn"]["output"];

export const signIn: Command = {
  name: "sign-in",
  summary:
    'Get temporary credentials for a user\'s password: eval "$(rolecall sign-in --account ACCOUNT --user NAME)".',
  details: [
    "",
    "The password is asked for on the terminal, or read from standard input. As a credential_process it has to be there:",
    'credential_process = sh -c "secret-tool lookup rolecall ann | rolecall sign-in … --password-stdin --json"',
    "Where the user has an MFA device, a code of it is asked for as well, or given by --mfa-code.",
  ],
  options: [
    { name: "account", placeholder: "ACCOUNT", describe: "The account's id or alias." },
    { name: "user", placeholder: "NAME", describe: "The user's name." },
    { name: "password-stdin", placeholder: null, describe: "Read the password from standard input." },
    { name: "mfa-code", placeholder: "CODE", describe: "What the user's MFA device shows." },
    { name: "mfa-serial", placeholder: "SERIAL", describe: "The serial number of the device, of a user with several." },
    { name: "duration-seconds", placeholder: "SECONDS", describe: "900 to 43200. Default: 43200, twelve hours." },
    { name: "json", placeholder: null, describe: "One JSON object, as credential_process wants it." },
    ...dataOptions,
    { name: "endpoint-url", placeholder: "URL", describe: "Sign in to this server." },
  ],
  async run(values, terminal) {
    const server = findServer(values, terminal);
    const who = { Account: required(values["account"], "account"), UserName: required(values["user"], "user") };
    const duration = readDuration(values["duration-seconds"]);
    const password = await readPassword(values["password-stdin"] === true, terminal);
    const { Credentials: credentials, PasswordChangeRequired: restricted } = await signedIn(
      server,
      { ...who, Password: password, DurationSeconds: duration, ...codeIn(values) },
      terminal,
    );
    if (restricted) {
      terminal.complain(
        "The password has to be changed before anything else: aws iam change-password; then sign in again.",
      );
    }
    if (values["json"] === true) terminal.print(jsonLine({ Version: 1, ...credentials }));
    else printExports(server, credentials, terminal);
    return exitCode.done;
  },
};

/** @throws UsageError */
function required(value: string | boolean | undefined, name: string): string {
  if (typeof value !== "string" || value === "") throw new UsageError(`sign-in needs --${name}`);
  return value;
}

/** @throws UsageError */
function readDuration(value: string | boolean | undefined): number | undefined {
  if (typeof value !== "string") return undefined;
  const seconds = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (seconds < 900 || seconds > 43_200) throw new UsageError("--duration-seconds goes from 900 to 43200");
  return seconds;
}

/** Of standard input the first line: what writes it there mostly ends it. @throws CommandError, UsageError */
async function readPassword(fromInput: boolean, terminal: Terminal): Promise<string> {
  const password = fromInput
    ? (await terminal.readInput()).replace(/\r?\n[^]*$/, "")
    : await terminal.readSecret("Password: ");
  if (password === null)
    throw new UsageError("there is no terminal to ask for the password: give it by --password-stdin");
  if (password === "") throw new CommandError("no password was given");
  return password;
}

/** @throws UsageError */
function codeIn(values: OptionValues): Pick<Input, "MfaCode" | "MfaSerialNumber"> {
  const [code, serial] = [values["mfa-code"], values["mfa-serial"]];
  if (typeof code === "string" && !isCode(code)) throw new UsageError("--mfa-code is six digits");
  return {
    ...(typeof code === "string" ? { MfaCode: code } : {}),
    ...(typeof serial === "string" ? { MfaSerialNumber: serial } : {}),
  };
}

function isCode(text: string): boolean {
  return /^\d{6}$/.test(text);
}

/** Asks for a code, once the server has said that one is needed. */
async function signedIn(server: Endpoint, input: Input, terminal: Terminal): Promise<Output> {
  try {
    return await call(server, "SignIn", input);
  } catch (error) {
    if (!(error instanceof ServerFault)) throw error;
    if (error.code === "MfaCodeRequiredException" && input.MfaCode === undefined) {
      return signedIn(server, { ...input, MfaCode: await readCode(error, input, terminal) }, terminal);
    }
    if (!error.message.includes("Failed authentication")) throw error;
    throw new CommandError(
      `${server.url} does not let you in: the account, the user or the password${input.MfaCode === undefined ? "" : ", or the code,"} is not right. After several wrong ones it refuses the right one as well: wait some minutes`,
      { cause: error },
    );
  }
}

/** @throws CommandError */
async function readCode({ message }: ServerFault, input: Input, terminal: Terminal): Promise<string> {
  if (message.includes("MfaSerialNumber") && input.MfaSerialNumber === undefined) {
    throw new CommandError(`${message}: name it by --mfa-serial`);
  }
  const code = await terminal.readSecret("MFA code: ");
  if (code === null) throw new CommandError("the user has an MFA device: give its code by --mfa-code");
  if (!isCode(code.trim())) throw new CommandError("a code is six digits");
  return code.trim();
}

function printExports({ url, region }: Endpoint, credentials: Output["Credentials"], terminal: Terminal): void {
  const variables = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: credentials.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.SecretAccessKey,
    AWS_SESSION_TOKEN: credentials.SessionToken,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
  // A profile of another file would be looked for, and not found.
  if (terminal.environment["AWS_PROFILE"] !== undefined) terminal.print("unset AWS_PROFILE");
  for (const [name, value] of Object.entries(variables)) terminal.print(`export ${name}=${shellWord(value)}`);
}
