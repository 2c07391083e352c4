import { Fault } from "../contracts/fault.ts";
import { notBuilt } from "../operation/operation.ts";
import { named } from "../text/shorten.ts";
import { scanQuery } from "../wire/query-scan.ts";
import { renderNoAction } from "../wire/xml-fault.ts";
import type { Exchange } from "./exchange.ts";
import { services } from "../services/services.ts";
import type { Service } from "../services/services.ts";

/** Resets an ephemeral server; the body is empty, so that any signing client can send it. */
export const resetPath = "/_rolecall/reset";

const formType = "application/x-www-form-urlencoded";

/**
 * The service that a request reaches, as its head alone says: rolecall's operations are named by path or X-Amz-Target,
 * those of IAM and STS by an Action, and which of the two is meant is what the signature is scoped to. The credential
 * scope is held to this service before the key is looked up, as at AWS: credentials that a client gave to STS alone
 * (a presigned GetCallerIdentity, say) never act on rolecall.
 *
 * @param scoped the service in the credential scope; null for an unsigned request
 */
export function addressedService(exchange: Exchange, scoped: string | null): Service {
  if (exchange.signed.path === resetPath || exchange.arrival.operationTarget !== undefined) return services.rolecall;
  return scoped === "iam" ? services.iam : services.sts;
}

/** Finds service and operation: by path, by X-Amz-Target, or by Action and Version. */
export function route(exchange: Exchange): void {
  const { path, method } = exchange.signed;
  const target = exchange.arrival.operationTarget;
  if (path === resetPath) {
    if (method !== "POST") throw new Fault("MethodNotAllowed", 405, "Reset is a POST.");
    exchange.body = Buffer.alloc(0);
    choose(exchange, services.rolecall, "Reset", undefined);
  } else if (target !== undefined) {
    routeByTarget(exchange, target);
  } else {
    routeByAction(exchange);
  }
}

function routeByTarget(exchange: Exchange, target: string): void {
  const service = services.rolecall;
  const prefix = `${service.codec.contract.targetPrefix}.`;
  const name = target.startsWith(prefix) ? target.slice(prefix.length) : target;
  if (exchange.signed.method !== "POST") {
    exchange.service = service;
    throw new Fault("MethodNotAllowed", 405, "This protocol takes POST only.");
  }
  choose(exchange, service, target.startsWith(prefix) ? name : target, undefined);
}

function routeByAction(exchange: Exchange): void {
  const { method, query } = exchange.signed;
  exchange.service ??= services.sts;
  if (method !== "GET" && method !== "POST") {
    throw new Fault("MethodNotAllowed", 405, `The method ${named(method)} is not allowed.`);
  }
  const parameters = method === "POST" ? formParameters(exchange) : scanQuery(query);
  exchange.parameters = parameters;
  const action = parameters?.get("Action");
  if (action === undefined) {
    exchange.answer =
      exchange.signed.path === "/" && query === "" && method === "GET" ? welcome : renderNoAction(query);
    return;
  }
  const version = parameters?.get("Version");
  const service = exchange.signature === null ? serviceOfAction(action, version) : exchange.service;
  choose(exchange, service, action, version);
}

/** Members of the body come first, because the first of a repeated name wins; those of the URL follow. */
function formParameters(exchange: Exchange): ReadonlyMap<string, string> | null {
  const type = exchange.arrival.contentType ?? "";
  if (type.split(";", 1)[0]!.trim().toLowerCase() !== formType) {
    return exchange.signed.query === "" ? null : scanQuery(exchange.signed.query);
  }
  const body = scanQuery(exchange.body);
  if (exchange.signed.query === "") return body;
  const merged = new Map(body);
  for (const [name, value] of scanQuery(exchange.signed.query)) if (!merged.has(name)) merged.set(name, value);
  return merged;
}

/** An unsigned request names its service only through what it asks. */
function serviceOfAction(action: string, version: string | undefined): Service {
  if (version === services.iam.codec.contract.apiVersion) return services.iam;
  if (version === services.sts.codec.contract.apiVersion) return services.sts;
  const named = (service: Service): boolean => Object.hasOwn(service.codec.contract.operations, action);
  return !named(services.sts) && named(services.iam) ? services.iam : services.sts;
}

/** @throws Fault for an operation that the contract does not name, or of another API version */
function choose(exchange: Exchange, service: Service, name: string, version: string | undefined): void {
  exchange.service = service;
  const { contract } = service.codec;
  const query = contract.protocol === "query";
  if (!Object.hasOwn(contract.operations, name) || (query && version !== contract.apiVersion)) {
    throw service.codec.unknownOperation(name, version);
  }
  exchange.contract = contract.operations[name]!;
  const operation = service.registry[name];
  exchange.operation = operation === undefined || operation === notBuilt ? null : operation;
}

const welcome = {
  status: 200,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: "This is rolecall: AWS-compatible IAM and STS. Point an AWS client here with AWS_ENDPOINT_URL.\n",
};
