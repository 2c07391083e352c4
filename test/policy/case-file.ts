/** Reads case files: one JSON object a line, in the form that `rolecall test` takes. */
import { readFileSync } from "node:fs";
import { compile, contextOf, parse, principalFromArn } from "../../src/policy/index.ts";
import type {
  Bindings,
  CompiledPolicy,
  ContextValue,
  Outcome,
  Policies,
  PolicyKind,
  Principal,
  Request,
} from "../../src/policy/index.ts";

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
  const text = readFileSync(new URL(`../cases/policy/${name}.jsonl`, import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as PolicyCase);
}

export function requestOf({ request }: PolicyCase): Request {
  const { action, resource, resourceAccount } = request;
  const principal = typeof request.principal === "string" ? principalFromArn(request.principal) : request.principal;
  return { principal, action, resource, resourceAccount, context: contextOf(request.context ?? {}) };
}

export function policiesOf({ policies, bindings, kind, request }: PolicyCase): Policies {
  const one = (source: Source, of: PolicyKind, id: string): CompiledPolicy =>
    compile(
      parse(typeof source === "string" ? source : JSON.stringify(source)),
      of,
      bindings === undefined ? { id } : { id, bindings },
    );
  const list = (sources: readonly Source[], of: PolicyKind) =>
    sources.map((source, index) => one(source, of, `${of}-${index}`));
  const trust = kind === "trust" || /^sts:AssumeRole/i.test(request.action);
  const levels = (sources: readonly ({ readonly policies: readonly Source[] } | Source)[], of: PolicyKind) =>
    sources.map((level) => list(typeof level === "object" && "policies" in level ? level.policies : [level], of));
  return {
    identity: list(policies.identity ?? [], "identity"),
    resource: policies.resource ? one(policies.resource, trust ? "trust" : "resource", "resource") : null,
    boundaries: policies.boundaries ? list(policies.boundaries, "boundary") : null,
    session: policies.session ? list(policies.session, "session") : null,
    scps: policies.scps ? levels(policies.scps, "scp") : null,
    rcps: policies.rcps ? levels(policies.rcps, "rcp") : null,
    endpoint: policies.endpoint ? one(policies.endpoint, "endpoint", "endpoint") : null,
  };
}
