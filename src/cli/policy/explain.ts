import type { DecisionCase } from "../../policy/case/case.ts";
import { explain } from "../../policy/index.ts";
import type { Policies, Request } from "../../policy/index.ts";
import type { Command, OptionValues, Repeated } from "../command.ts";
import { endpointOptions } from "../endpoint.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { exitCode, InputError, jsonLine, UsageError } from "../../launch/terminal.ts";
import { explanationLines } from "./explanation-text.ts";
import { findCaseFile } from "./find-case.ts";
import { placeIn } from "./input.ts";
import { questionOptions, readQuestion } from "./question.ts";
import { explainRecorded, recordedOptions } from "./recorded.ts";

export const explainCommand: Command = {
  name: "explain",
  summary: "Explain why a request is allowed or denied, and what would change it.",
  details: [
    "",
    "From policy files, without a server:",
    "  rolecall explain --principal ARN --action s3:GetObject --resource ARN --identity policy.json",
    "From a case of a case file: rolecall explain --case cases.jsonl:ID",
    "From the trail of a server: rolecall explain --request ID (of the request, or of its event)",
    "",
    "FILE may be - for standard input. Context keys that follow from the principal are filled in.",
    "Exit codes: 0 allowed, 1 denied, 2 something cannot be used; with --request 0 once it is explained.",
  ],
  options: [
    ...questionOptions,
    { name: "case", placeholder: "FILE[:ID]", describe: "Request and policies of this case." },
    ...recordedOptions,
    { name: "json", placeholder: null, describe: "The whole explanation as one JSON object." },
    ...endpointOptions,
  ],
  async run(values, terminal, _words, repeated) {
    onlyOneSource(values, repeated);
    if (values["request"] !== undefined) return explainRecorded(values, terminal);
    const { request, policies } =
      values["case"] === undefined
        ? await readQuestion(values, repeated, terminal)
        : await findCase(values["case"] as string, terminal);
    return show(request, policies, values["json"] === true, terminal);
  },
};

function show(request: Request, policies: Policies, json: boolean, terminal: Terminal): number {
  const explanation = explain(request, policies);
  if (json) terminal.print(jsonLine(explanation));
  else for (const line of explanationLines(explanation, terminal.color)) terminal.print(line);
  return explanation.decision.allowed ? exitCode.done : exitCode.failed;
}

/** A question in options, a case, and a recorded request are three ways to ask; what is of another would be ignored. */
function onlyOneSource(values: OptionValues, repeated: Repeated): void {
  const asked = questionOptions.filter(({ name }) => values[name] !== undefined || repeated.has(name));
  const sources = [
    ...["case", "request"].filter((name) => values[name] !== undefined),
    ...asked.slice(0, 1).map(({ name }) => name),
  ];
  if (sources.length > 1) {
    throw new UsageError(`--${sources[0]} and --${sources[1]} do not go together`);
  }
  if (values["request"] === undefined) {
    const stray = [...recordedOptions, ...endpointOptions].find(({ name }) => values[name] !== undefined);
    if (stray !== undefined) throw new UsageError(`--${stray.name} is for --request ID`);
  }
  if (sources.length === 0) throw new UsageError("explain what? Give --principal and --action, --case, or --request");
}

async function findCase(given: string, terminal: Terminal): Promise<DecisionCase> {
  const { file, id } = await findCaseFile(given, terminal);
  const found = file.cases.filter((one) => id === null || one.id === id);
  const [one] = found;
  if (one === undefined) throw new InputError(`${file.path} has no case ${JSON.stringify(id)}`);
  if (found.length > 1) {
    throw new InputError(
      id === null
        ? `${file.path} has ${found.length} cases: name one as ${file.path}:ID, such as ${file.path}:${one.id}`
        : `${file.path} has ${found.length} cases called ${id}`,
    );
  }
  if (one.type === "undecidable") throw new InputError(`${placeIn(file.path, file.text, one.offset)}: ${one.reason}`);
  if (one.type !== "decision") throw new InputError(`the case ${one.id} is about the grammar of a document: test it`);
  return one;
}
