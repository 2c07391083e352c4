import { isExpected } from "../../policy/case/case.ts";
import type { DecisionCase, PolicyCase, UndecidableCase } from "../../policy/case/case.ts";
import { grammarAnswer } from "../../policy/case/grammar.ts";
import type { GrammarAnswer, GrammarCase } from "../../policy/case/grammar.ts";
import { evaluate, explain } from "../../policy/index.ts";
import { visible } from "../../text/visible.ts";
import type { Command } from "../command.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { exitCode, InputError, jsonLine, UsageError } from "../../launch/terminal.ts";
import { explanationLines } from "./explanation-text.ts";
import type { CaseFile } from "./input.ts";
import { placeIn, readCaseFile } from "./input.ts";

export const testCommand: Command = {
  name: "test",
  summary: "Run case files, unit tests for policies: what is allowed, and what is not.",
  details: [
    "",
    "A file is JSON lines, a JSON list or one JSON object; - is standard input. A case:",
    '  {"id": "readers may read",',
    '   "request": {"principal": "arn:aws:iam::111122223333:user/ann", "action": "s3:GetObject",',
    '               "resource": "arn:aws:s3:::docs/a", "resourceAccount": "111122223333",',
    '               "context": {"aws:SourceIp": "192.0.2.1"}},',
    '   "policies": {"identity": [POLICY], "resource": POLICY, "boundaries": [POLICY], "session": [POLICY],',
    '                "scps": [{"level": "root", "policies": [POLICY]}], "rcps": [...], "endpoint": POLICY},',
    '   "expected": "Allowed"}          or ExplicitlyDenied, ImplicitlyDenied, Denied (either kind)',
    "A POLICY is an object or its text. What is null or absent is not there. Of a case whose policy is none that is said,",
    "as of one that differs; the others are run.",
    "",
    "Exit codes: 0 all as expected, 1 something differs, 2 a file cannot be used.",
  ],
  options: [{ name: "json", placeholder: null, describe: "One JSON object a case: {id, expected, got, ok}." }],
  words: { placeholder: "FILE...", most: Number.MAX_SAFE_INTEGER },
  async run(values, terminal, words) {
    if (words.length === 0) throw new UsageError("test needs a case file; - is standard input");
    const json = values["json"] === true;
    const tally = { cases: 0, differing: 0, unusable: 0 };
    for (const path of words) {
      const file = await usable(path, terminal);
      if (file === null) tally.unusable++;
      for (const one of file?.cases ?? []) {
        const result = runCase(one);
        tally.cases++;
        if (!result.ok) tally.differing++;
        report(result, one, file!, json, terminal);
      }
    }
    if (!json) terminal.print(summary(tally, terminal));
    if (tally.unusable > 0) return exitCode.usage;
    return tally.differing > 0 ? exitCode.failed : exitCode.done;
  },
};

/** The file; null, after it was said why, when it cannot be used. The others are run nevertheless. */
async function usable(path: string, terminal: Terminal): Promise<CaseFile | null> {
  try {
    const file = await readCaseFile(path, terminal);
    const silent = file.cases.find((one) => one.expected === null);
    if (silent === undefined) return file;
    throw new InputError(`${placeIn(path, file.text, silent.offset)}: the case ${silent.id} expects nothing`);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    terminal.complain(`${terminal.color.red("rolecall:")} ${visible(error.message)}`);
    return null;
  }
}

interface CaseResult {
  readonly id: string;
  readonly expected: string | GrammarAnswer;
  readonly got: string | GrammarAnswer;
  readonly ok: boolean;
}

function runCase(one: PolicyCase): CaseResult {
  switch (one.type) {
    case "decision":
      return runDecision(one);
    case "grammar":
      return runGrammar(one);
    case "undecidable":
      return undecided(one);
  }
}

/** Nothing was decided, whatever was expected: a policy that nobody can store grants nothing and denies nothing. */
function undecided({ id, expected, reason }: UndecidableCase): CaseResult {
  return { id, expected: expected!, got: `no decision: ${reason}`, ok: false };
}

function runDecision({ id, request, policies, expected }: DecisionCase): CaseResult {
  const { outcome } = evaluate(request, policies);
  return { id, expected: expected!, got: outcome, ok: isExpected(outcome, expected!) };
}

function runGrammar(one: GrammarCase): CaseResult {
  const { id, expected } = one;
  const got = grammarAnswer(one);
  return { id, expected, got, ok: JSON.stringify(got) === JSON.stringify(expected) };
}

function report(result: CaseResult, one: PolicyCase, file: CaseFile, json: boolean, terminal: Terminal): void {
  if (json) {
    const { id, expected, got, ok } = result;
    terminal.print(jsonLine({ id, expected, got, ok }));
    return;
  }
  if (result.ok) return;
  const { color } = terminal;
  const place = color.dim(placeIn(file.path, file.text, one.offset));
  terminal.print(`${color.red("differs")} ${color.bold(visible(result.id))}  ${place}`);
  terminal.print(`  expected ${shown(result.expected)}, got ${shown(result.got)}`);
  if (one.type === "decision") {
    if (one.errata !== null) terminal.print(`  errata: ${visible(one.errata)}`);
    for (const line of explanationLines(explain(one.request, one.policies), color)) {
      terminal.print(line === "" ? "" : `  ${line}`);
    }
  }
  terminal.print("");
}

function shown(answer: string | GrammarAnswer): string {
  return visible(typeof answer === "string" ? answer : `${answer.code}: ${answer.message}`);
}

function summary(tally: { cases: number; differing: number; unusable: number }, { color }: Terminal): string {
  const { cases, differing, unusable } = tally;
  const counted = `${cases - differing} of ${cases} ${cases === 1 ? "case" : "cases"} as expected`;
  const files = unusable === 0 ? "" : `, ${unusable} ${unusable === 1 ? "file" : "files"} not usable`;
  return differing + unusable === 0 ? color.green(counted) : color.red(`${counted}${files}`);
}
