import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { call } from "./client.ts";
import type { Command, OptionValues } from "./command.ts";
import { endpointOptions, findEndpoint } from "./endpoint.ts";
import { exitCode, jsonLine, UsageError } from "../launch/terminal.ts";

const jsonOption = { name: "json", placeholder: null, describe: "One JSON object." };
const serialOption = { name: "serial", placeholder: "SERIAL", describe: "The serial number that is printed on it." };

export const tokensRegister: Command = {
  name: "tokens register",
  summary: "Register a hardware token by its serial number and the seed that its maker gave you.",
  details: [
    "",
    "A user then enables it: aws iam enable-mfa-device --serial-number SERIAL. The seed is read from a file, so that it is",
    "in no list of processes; it is sealed like every secret, and shown by nothing.",
  ],
  options: [
    serialOption,
    { name: "seed-file", placeholder: "PATH", describe: "File with the seed, in Base32." },
    jsonOption,
    ...endpointOptions,
  ],
  async run(values, terminal) {
    const file = values["seed-file"] as string | undefined;
    if (file === undefined) throw new UsageError("--seed-file: name the file with the token's seed, in Base32");
    const { HardwareToken: token } = await call(findEndpoint(values, terminal), "RegisterHardwareToken", {
      SerialNumber: serialIn(values),
      Seed: readFileSync(resolve(terminal.cwd, file), "utf8").trim(),
    });
    if (values["json"] === true) terminal.print(jsonLine({ HardwareToken: token }));
    else terminal.print(`token     ${token.SerialNumber} is registered`);
    return exitCode.done;
  },
};

export const tokensDeregister: Command = {
  name: "tokens deregister",
  summary: "Forget a hardware token that nobody has enabled.",
  options: [serialOption, ...endpointOptions],
  async run(values, terminal) {
    const serial = serialIn(values);
    await call(findEndpoint(values, terminal), "DeregisterHardwareToken", { SerialNumber: serial });
    terminal.print(`token     ${serial} is forgotten`);
    return exitCode.done;
  },
};

export const tokensList: Command = {
  name: "tokens list",
  summary: "List the account's hardware tokens, and whom they are enabled for.",
  options: [jsonOption, ...endpointOptions],
  async run(values, terminal) {
    const endpoint = findEndpoint(values, terminal);
    const tokens = [];
    let next: string | undefined;
    do {
      const page = await call(endpoint, "ListHardwareTokens", { MaxResults: 1000, NextToken: next });
      tokens.push(...page.HardwareTokens);
      next = page.NextToken;
    } while (next !== undefined);
    if (values["json"] === true) {
      terminal.print(jsonLine({ HardwareTokens: tokens }));
      return exitCode.done;
    }
    for (const { SerialNumber, RegisteredAt, EnabledFor = "nobody" } of tokens) {
      terminal.print(`${SerialNumber}  ${RegisteredAt.toISOString().slice(0, 10)}  ${EnabledFor}`);
    }
    return exitCode.done;
  },
};

function serialIn(values: OptionValues): string {
  const serial = values["serial"] as string | undefined;
  if (serial === undefined) throw new UsageError("--serial: name the token's serial number");
  return serial;
}
