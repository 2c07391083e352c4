import { Fault } from "../contracts/fault.ts";
import { namedByPath, operationOfTarget, queriedMembers, serviceOfAction } from "../services/matching.ts";
import type { NamedPath } from "../services/matching.ts";
import type { Service } from "../services/service.ts";
import { defaultServices } from "../services/services.ts";
import { named } from "../text/shorten.ts";
import { scanQuery } from "../wire/query-scan.ts";
import type { QueryParameters } from "../wire/query-scan.ts";
import { renderNoAction } from "../wire/xml-fault.ts";
import { advance } from "./stage.ts";
import type { Answered, Received, Routed } from "./stage.ts";
import { strategies } from "./strategy/strategies.ts";

const formType = "application/x-www-form-urlencoded";

/**
 * Finds service and operation: by path, by X-Amz-Target, or by Action and Version.
 *
 * @throws Fault also what was wrong with the head, where the operation's proof is not in its input
 */
export function route(stage: Received): Routed | Answered {
  return stage.refusal === undefined ? find(stage) : routeRefused(stage, stage.refusal);
}

function routeRefused(stage: Received, refusal: Fault): Routed {
  const { service } = stage;
  const routed = found(stage);
  if (routed !== null && strategies[routed.contract.auth].proof === "input") return routed;
  // In the shape of the service that its head names; what it asked for is nobody's word.
  advance(stage, { service, contract: undefined, operation: undefined, parameters: undefined });
  throw refusal;
}

/** Null where it names no operation. */
function found(stage: Received): Routed | null {
  try {
    const routed = find(stage);
    return "contract" in routed && routed.contract !== undefined ? (routed as Routed) : null;
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

function find(stage: Received): Routed | Answered {
  const byPath = namedByPath(stage.signed.path);
  if (byPath !== undefined) return routeByPath(stage, byPath);
  const target = stage.arrival.operationTarget;
  return target === undefined ? routeByAction(stage) : routeByTarget(stage, target);
}

function routeByPath(stage: Received, { service, operations, takesBody }: NamedPath): Routed {
  const { method, query } = stage.signed;
  const operation = operations.get(method);
  advance(stage, { service });
  if (operation === undefined) {
    throw new Fault("MethodNotAllowed", 405, `This path takes ${[...operations.keys()].join(", ")} only.`);
  }
  return choose(takesBody ? stage : advance(stage, { body: noBody }), service, operation, scanQuery(query));
}

const noBody = Buffer.alloc(0);

function routeByTarget(stage: Received, target: string): Routed {
  const { service, operation } = operationOfTarget(target);
  if (stage.signed.method !== "POST") {
    advance(stage, { service });
    throw new Fault("MethodNotAllowed", 405, "This protocol takes POST only.");
  }
  return choose(stage, service, operation, null);
}

function routeByAction(stage: Received): Routed | Answered {
  const { method, path, query } = stage.signed;
  const addressed = stage.service ?? defaultServices.query;
  advance(stage, { service: addressed });
  if (method !== "GET" && method !== "POST") {
    throw new Fault("MethodNotAllowed", 405, `The method ${named(method)} is not allowed.`);
  }
  const parameters = method === "POST" ? formParameters(stage) : scanQuery(query, queriedMembers);
  // What clients of the time before Accept send (AWSCore.jl); of POSTs it is known only here.
  if (parameters?.get("ContentType") === "JSON") advance(stage, { inJson: true });
  const action = parameters?.get("Action");
  if (action === undefined) {
    const greets = path === "/" && query === "" && method === "GET";
    return advance(stage, { answer: greets ? welcome : renderNoAction(query) });
  }
  const service = stage.claim === null ? serviceOfAction(action, parameters?.get("Version")) : addressed;
  return choose(stage, service, action, parameters);
}

/** Members of the body come first, because the first of a repeated name wins; those of the URL follow. */
function formParameters({ arrival, body, signed }: Received): ReadonlyMap<string, string> | null {
  const [type = ""] = (arrival.contentType ?? "").split(";", 1);
  if (type.trim().toLowerCase() !== formType) {
    return signed.query === "" ? null : scanQuery(signed.query, queriedMembers);
  }
  const form = scanQuery(body, queriedMembers);
  if (signed.query === "") return form;
  const merged = new Map(form);
  for (const [name, value] of scanQuery(signed.query, queriedMembers)) if (!merged.has(name)) merged.set(name, value);
  return merged;
}

/** @throws Fault for an operation that the contract does not name, or of another API version */
function choose(stage: Received, service: Service, name: string, parameters: QueryParameters | null): Routed {
  advance(stage, { service });
  const contract = service.codec.operation(name, parameters?.get("Version"));
  return advance(stage, { service, contract, operation: service.operation(contract), parameters });
}

const welcome = {
  status: 200,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: "This is rolecall: AWS-compatible IAM and STS. Point an AWS client here with AWS_ENDPOINT_URL.\n",
};
