/** Reads case files: one JSON object a line, in the form that `rolecall test` takes. */
import { readCases as readCaseFile } from "../../src/policy/case/case.ts";
import type { DecisionCase } from "../../src/policy/case/case.ts";
import type { Bindings, ContextValue, Outcome, Policies, Principal, Request } from "../../src/policy/index.ts";
import { casesIn } from "../harness/cases.ts";

type Source = string | object;

export interface PolicyCase {
  readonly id: string;
  readonly kind?: string;
  readonly errata?: string | null;
  readonly request: {
    readonly principal: string | Principal;
    readonly action: string;
    readonly resource: string;
    readonly resourceAccount: string;
    readonly context?: Readonly<Record<string, ContextValue | boolean | number | null>>;
  };
  readonly policies: {
    readonly identity?: readonly Source[] | null;
    readonly resource?: Source | null;
    readonly boundaries?: readonly Source[] | null;
    readonly session?: readonly Source[] | null;
    readonly scps?: readonly { readonly policies: readonly Source[] }[] | null;
    readonly rcps?: readonly ({ readonly policies: readonly Source[] } | Source)[] | null;
    readonly endpoint?: Source | null;
  };
  readonly bindings?: Bindings;
  readonly expected: Outcome | "Denied";
  /** Layer of the decision, where the case says it. */
  readonly layer?: string | null;
}

export function readCases(name: string): PolicyCase[] {
  return casesIn(`policy/${name}.jsonl`);
}

export function requestOf(one: PolicyCase): Request {
  return decided(one).request;
}

export function policiesOf(one: PolicyCase): Policies {
  return decided(one).policies;
}

/** What was read before: a test asks for request and policies of the same case again and again. */
const read = new WeakMap<PolicyCase, DecisionCase>();

function decided(one: PolicyCase): DecisionCase {
  const before = read.get(one);
  if (before) return before;
  const [found] = readCaseFile(JSON.stringify(one));
  if (found?.type !== "decision") throw new Error(`${one.id} is not a case of a decision`);
  read.set(one, found);
  return found;
}
