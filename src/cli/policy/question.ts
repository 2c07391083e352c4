/** A request and its policies, from the options of a command line. */
import {
  compile,
  PolicyCompileError,
  PolicySyntaxError,
  principalFromArn,
  requestContext,
} from "../../policy/index.ts";
import type { CompiledPolicy, ContextValue, Policies, PolicyKind, Principal, Request } from "../../policy/index.ts";
import { resourceAccountOf } from "../../policy/case/request.ts";
import type { Option, OptionValues, Repeated } from "../command.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { InputError, UsageError } from "../../launch/terminal.ts";
import { readText, shownName } from "./input.ts";

function several(name: string, describe: string): Option {
  return { name, placeholder: "FILE", describe: `${describe} May be repeated.`, repeats: true };
}

export const questionOptions: readonly Option[] = [
  { name: "principal", placeholder: "ARN", describe: "Who asks: a user, role, role session, root, service, or *." },
  { name: "action", placeholder: "ACTION", describe: "What for, such as s3:GetObject." },
  { name: "resource", placeholder: "ARN", describe: "On what. Default: *." },
  {
    name: "resource-account",
    placeholder: "ACCOUNT",
    describe: "Whose it is. Default: the account in its ARN, or the principal's.",
  },
  {
    name: "context",
    placeholder: "KEY=VALUE",
    describe: "A context key; a key that is repeated has several values. KEY alone takes it away.",
    repeats: true,
  },
  several("identity", "An identity policy of the principal."),
  { name: "resource-policy", placeholder: "FILE", describe: "The resource's policy." },
  { name: "trust", placeholder: "FILE", describe: "The trust policy, where the resource is a role to assume." },
  several("boundary", "A permissions boundary of the principal."),
  several("session", "A session policy."),
  several("scp", "A service control policy: one level of the organization each, the root first."),
  several("rcp", "A resource control policy: one level each, the root first."),
  { name: "endpoint-policy", placeholder: "FILE", describe: "The policy of the VPC endpoint." },
];

/** @throws UsageError, InputError */
export async function readQuestion(
  values: OptionValues,
  repeated: Repeated,
  terminal: Terminal,
): Promise<{ request: Request; policies: Policies }> {
  return { request: readRequest(values, repeated), policies: await readPolicies(values, repeated, terminal) };
}

function readRequest(values: OptionValues, repeated: Repeated): Request {
  const principal = readPrincipal(needed(values, "principal"));
  const action = needed(values, "action");
  if (!/^[^\s:*?]+:[^\s*?]+$/.test(action)) {
    throw new UsageError(`--action ${action}: give one action without wildcards, such as s3:GetObject`);
  }
  const resource = (values["resource"] as string | undefined) ?? "*";
  const account = (values["resource-account"] as string | undefined) ?? resourceAccountOf(resource, principal);
  if (account === null)
    throw new UsageError(`--resource-account is needed: neither ${resource} nor the principal says it`);
  const context = requestContext(principal, readContext(repeated.get("context") ?? []));
  return { principal, action, resource, resourceAccount: account, context };
}

function needed(values: OptionValues, name: string): string {
  const value = values[name];
  if (typeof value === "string" && value !== "") return value;
  throw new UsageError(`explain needs --${name}`);
}

function readPrincipal(text: string): Principal {
  try {
    return principalFromArn(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--principal: ${error.message}`);
    throw error;
  }
}

function readContext(given: readonly string[]): Record<string, ContextValue | null> {
  const entries = new Map<string, ContextValue | null>();
  for (const text of given) {
    const equals = text.indexOf("=");
    const key = (equals < 0 ? text : text.slice(0, equals)).toLowerCase();
    if (key === "") throw new UsageError(`--context ${text}: give KEY=VALUE`);
    const before = entries.get(key);
    const value = equals < 0 ? null : text.slice(equals + 1);
    if (before === undefined) entries.set(key, value);
    else if (before === null || value === null) throw new UsageError(`--context ${key}: it is taken away and given`);
    else entries.set(key, [...(typeof before === "string" ? [before] : before), value]);
  }
  return Object.fromEntries(entries);
}

async function readPolicies(values: OptionValues, repeated: Repeated, terminal: Terminal): Promise<Policies> {
  if (values["resource-policy"] !== undefined && values["trust"] !== undefined) {
    throw new UsageError("--resource-policy and --trust do not go together: a resource has one policy");
  }
  const one = async (option: string, kind: PolicyKind): Promise<CompiledPolicy | null> => {
    const path = values[option];
    return typeof path === "string" ? readPolicy(path, kind, terminal) : null;
  };
  const many = async (option: string, kind: PolicyKind): Promise<CompiledPolicy[]> => {
    const policies = [];
    for (const path of repeated.get(option) ?? []) policies.push(await readPolicy(path, kind, terminal));
    return policies;
  };
  const layer = async (option: string, kind: PolicyKind): Promise<CompiledPolicy[] | null> =>
    repeated.has(option) ? many(option, kind) : null;
  const levels = async (option: string, kind: PolicyKind): Promise<CompiledPolicy[][] | null> =>
    repeated.has(option) ? (await many(option, kind)).map((policy) => [policy]) : null;
  return {
    identity: await many("identity", "identity"),
    resource: (await one("trust", "trust")) ?? (await one("resource-policy", "resource")),
    boundaries: await layer("boundary", "boundary"),
    session: await layer("session", "session"),
    scps: await levels("scp", "scp"),
    rcps: await levels("rcp", "rcp"),
    endpoint: await one("endpoint-policy", "endpoint"),
  };
}

/** @throws InputError */
export async function readPolicy(path: string, kind: PolicyKind, terminal: Terminal): Promise<CompiledPolicy> {
  const text = await readText(path, terminal);
  try {
    return compile(text, kind, { id: shownName(path) });
  } catch (error) {
    if (error instanceof PolicySyntaxError) {
      throw new InputError(`${shownName(path)}:${error.line}:${error.column}: ${error.message}`, { cause: error });
    }
    if (error instanceof PolicyCompileError)
      throw new InputError(`${shownName(path)}: ${error.message}`, { cause: error });
    throw error;
  }
}
