/** The request of a case. */
import { foldName } from "../name.ts";
import { isAccountId, parseArn } from "../../arn/arn.ts";
import { contextOf } from "../match/context.ts";
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { principalFromArn } from "../match/principal-arn.ts";
import type { Context, Principal, Request } from "../types.ts";
import { CaseError } from "./fault.ts";
import { member, objectNode, onlyMembers, stringNode } from "./node.ts";

const fields = ["principal", "action", "resource", "resourceAccount", "context"];

/** @throws CaseError */
export function readRequest(node: JsonNode | null, from: JsonNode): Request {
  const request = objectNode(node, "request", from);
  onlyMembers(request, fields, "a request");
  const principal = readPrincipal(member(request, "principal"), request);
  const action = stringNode(member(request, "action"), "request.action", request);
  if (!action.value.includes(":")) {
    throw new CaseError(`request.action must be SERVICE:OPERATION, not ${action.value}`, action.start);
  }
  const resource = stringNode(member(request, "resource"), "request.resource", request);
  return {
    principal,
    action: action.value,
    resource: resource.value,
    resourceAccount: readResourceAccount(request, resource.value, principal),
    context: readContext(member(request, "context")),
  };
}

function readResourceAccount(request: JsonObject, resource: string, principal: Principal): string {
  const node = member(request, "resourceAccount");
  if (node !== null) return stringNode(node, "request.resourceAccount", request).value;
  const account = resourceAccountOf(resource, principal);
  if (account === null) {
    throw new CaseError("request.resourceAccount is missing, and nothing else in the request says it", request.start);
  }
  return account;
}

/** The account in the resource's ARN; where it names none (S3, `*`), the caller's own; null when that has none either. */
export function resourceAccountOf(resource: string, principal: Principal): string | null {
  const named = parseArn(resource)?.account;
  if (named !== undefined && isAccountId(named)) return named;
  return "account" in principal ? principal.account : null;
}

function readContext(node: JsonNode | null): Context {
  if (node === null) return contextOf({});
  const entries: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  const { members } = objectNode(node, "request.context", node);
  const seen = new Set<string>();
  for (const { key, value } of members) {
    if (value.kind === "null") continue;
    const name = foldName(key.value);
    if (seen.has(name)) throw new CaseError(`the context key ${key.value} stands there twice`, key.start);
    seen.add(name);
    entries[name] =
      value.kind === "array" ? value.items.map((item) => scalarOf(item, key.value)) : scalarOf(value, key.value);
  }
  return contextOf(entries);
}

function scalarOf(node: JsonNode, key: string): string {
  if (node.kind === "string") return node.value;
  if (node.kind === "boolean") return String(node.value);
  if (node.kind === "number") return node.text;
  throw new CaseError(`the context key ${key} must have a string, a number, a boolean or a list of these`, node.start);
}

/** Fields of each type of principal beside `type`; all of them strings. */
const principalFields = {
  Root: ["account", "arn"],
  User: ["account", "arn", "id"],
  RoleSession: ["account", "arn", "roleArn", "roleId", "sessionName"],
  FederatedUser: ["account", "arn", "name"],
  Service: ["service"],
  WebIdentity: ["provider", "account"],
  SAML: ["provider", "account"],
  Anonymous: [],
} as const satisfies Record<Principal["type"], readonly string[]>;

function readPrincipal(node: JsonNode | null, from: JsonNode): Principal {
  if (node?.kind === "string") {
    try {
      return principalFromArn(node.value);
    } catch (error) {
      if (error instanceof RangeError) throw new CaseError(`request.principal: ${error.message}`, node.start);
      throw error;
    }
  }
  const principal = objectNode(node, "request.principal", from);
  const type = stringNode(member(principal, "type"), "request.principal.type", principal);
  if (!Object.hasOwn(principalFields, type.value)) {
    throw new CaseError(`there is no principal of type ${type.value}`, type.start);
  }
  const names: readonly string[] = principalFields[type.value as Principal["type"]];
  const federated = type.value === "FederatedUser";
  onlyMembers(principal, ["type", ...names, ...(federated ? ["issuer"] : [])], `a ${type.value}`);
  const read: Record<string, unknown> = { type: type.value, ...stringsOf(principal, names, "request.principal") };
  if (federated) read["issuer"] = readIssuer(member(principal, "issuer"), principal);
  return read as unknown as Principal;
}

function readIssuer(node: JsonNode | null, from: JsonNode): Record<string, string> {
  const issuer = objectNode(node, "request.principal.issuer", from);
  onlyMembers(issuer, ["type", "arn", "id"], "an issuer");
  const read = stringsOf(issuer, ["type", "arn", "id"], "request.principal.issuer");
  if (read["type"] === "Root" || read["type"] === "User") return read;
  throw new CaseError("request.principal.issuer.type must be Root or User", issuer.start);
}

function stringsOf(object: JsonObject, names: readonly string[], path: string): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, stringNode(member(object, name), `${path}.${name}`, object).value]),
  );
}
