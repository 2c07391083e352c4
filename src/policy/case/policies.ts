/** The policies of a case, compiled. */
import { compile, PolicyCompileError } from "../engine/compile.ts";
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { PolicySyntaxError } from "../../json/read.ts";
import type { Bindings, CompiledPolicy, Policies, PolicyKind, Request } from "../types.ts";
import { CaseError, DocumentError } from "./fault.ts";
import { listOf, member, objectNode, onlyMembers, stringNode } from "./node.ts";

const fields = ["identity", "resource", "boundaries", "session", "scps", "rcps", "endpoint"];

/** What else of a case says how its policies are read. */
export interface PolicyReading {
  /** The text that the nodes stand in. */
  readonly text: string;
  /** Whether the resource's policy is a role's trust policy. */
  readonly trust: boolean;
  /** Of the resource's policy. */
  readonly bindings: Bindings | undefined;
}

/**
 * An empty list of boundaries, session policies, or levels is not there, as null is not: to a case's author it says that
 * there are none. (The engine takes an empty list for a layer that allows nothing.)
 *
 * @throws CaseError; DocumentError for a policy that is none
 */
export function readPolicies(node: JsonNode | null, from: JsonNode, reading: PolicyReading): Policies {
  const policies = objectNode(node, "policies", from);
  onlyMembers(policies, fields, "policies");
  const many = (name: string, kind: PolicyKind): readonly CompiledPolicy[] =>
    readMany(listOf(member(policies, name)), kind, name, reading);
  const one = (name: string, kind: PolicyKind): CompiledPolicy | null => {
    const found = member(policies, name);
    return found === null ? null : readPolicy(found, kind, name, reading);
  };
  const levels = (name: string, kind: PolicyKind) =>
    listOf(member(policies, name)).map((level, index) => readLevel(level, kind, `${name}[${index}]`, reading));
  return {
    identity: many("identity", "identity"),
    resource: one("resource", reading.trust ? "trust" : "resource"),
    boundaries: orNull(many("boundaries", "boundary")),
    session: orNull(many("session", "session")),
    scps: orNull(levels("scps", "scp")),
    rcps: orNull(levels("rcps", "rcp")),
    endpoint: one("endpoint", "endpoint"),
  };
}

function orNull<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

/** `{level, policies}`, a list of policies, or a lone policy. */
function readLevel(node: JsonNode, kind: PolicyKind, name: string, reading: PolicyReading): readonly CompiledPolicy[] {
  const isLevel = node.kind === "object" && node.members.some(({ key }) => key.value === "policies");
  if (!isLevel) return readMany(listOf(node), kind, name, reading);
  onlyMembers(node, ["level", "policies"], "a level");
  return readMany(listOf(member(node, "policies")), kind, name, reading);
}

function readMany(
  nodes: readonly JsonNode[],
  kind: PolicyKind,
  name: string,
  reading: PolicyReading,
): readonly CompiledPolicy[] {
  return nodes.map((node, index) => readPolicy(node, kind, `${name}[${index}]`, reading));
}

function readPolicy(node: JsonNode, kind: PolicyKind, name: string, reading: PolicyReading): CompiledPolicy {
  if (node.kind !== "string" && node.kind !== "object") {
    throw new CaseError(`policies.${name} must be a policy, as an object or as its text`, node.start);
  }
  const text = node.kind === "string" ? node.value : reading.text.slice(node.start, node.end);
  const bound = reading.bindings !== undefined && (kind === "resource" || kind === "trust");
  try {
    return compile(text, kind, { id: name, ...(bound ? { bindings: reading.bindings } : {}) });
  } catch (error) {
    if (error instanceof PolicyCompileError) throw new DocumentError(`policies.${name}: ${error.message}`, node.start);
    if (!(error instanceof PolicySyntaxError)) throw error;
    // The place inside a text that stands in a string is another than the place in the file.
    const inside = node.kind === "string" ? ` (line ${error.line}, column ${error.column} of its text)` : "";
    const offset = node.kind === "string" ? node.start : node.start + error.offset;
    throw new DocumentError(`policies.${name}: ${error.message}${inside}`, offset);
  }
}

export function readBindings(node: JsonNode | null): Bindings | undefined {
  if (node === null) return undefined;
  const { members }: JsonObject = objectNode(node, "bindings", node);
  return Object.fromEntries(
    members.map(({ key, value }) => [
      key.value,
      stringNode(value, `bindings[${JSON.stringify(key.value)}]`, key).value,
    ]),
  );
}

/** A role's trust policy judges who may put the role on, and with which tags and source identity. */
export function asksTrust({ action, resource }: Pick<Request, "action" | "resource">): boolean {
  return (
    /^sts:(?:AssumeRole\w*|TagSession|SetSourceIdentity)$/i.test(action) &&
    /^arn:[^:]*:iam::\d{12}:role\//.test(resource)
  );
}
