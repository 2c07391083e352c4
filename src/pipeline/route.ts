import { Fault } from "../contracts/fault.ts";
import { operationOfPath, serviceOfAction, serviceOfScope, serviceOfTarget } from "../services/matching.ts";
import type { Service } from "../services/service.ts";
import { defaultServices } from "../services/services.ts";
import { named } from "../text/shorten.ts";
import { scanQuery } from "../wire/query-scan.ts";
import { renderNoAction } from "../wire/xml-fault.ts";
import type { Exchange } from "./exchange.ts";

const formType = "application/x-www-form-urlencoded";

/**
 * The service that a request reaches, as its head alone says: operations of some are named by path or X-Amz-Target, those
 * of the others by an Action, and which of these is meant is what the signature is scoped to. The credential scope is
 * held to this service before the key is looked up, as at AWS: credentials that a client gave to STS alone (a presigned
 * GetCallerIdentity, say) never act on rolecall.
 *
 * @param scoped the service in the credential scope; null for an unsigned request
 */
export function addressedService({ signed, arrival }: Exchange, scoped: string | null): Service {
  const byPath = operationOfPath(signed.path);
  if (byPath !== undefined) return byPath.service;
  return arrival.operationTarget === undefined ? serviceOfScope(scoped) : serviceOfTarget(arrival.operationTarget);
}

/** Finds service and operation: by path, by X-Amz-Target, or by Action and Version. */
export function route(exchange: Exchange): void {
  const byPath = operationOfPath(exchange.signed.path);
  const target = exchange.arrival.operationTarget;
  if (byPath !== undefined) {
    const { service, operation } = byPath;
    if (exchange.signed.method !== "POST") throw new Fault("MethodNotAllowed", 405, `${operation} is a POST.`);
    exchange.body = Buffer.alloc(0);
    choose(exchange, service, operation, undefined);
  } else if (target !== undefined) {
    routeByTarget(exchange, target);
  } else {
    routeByAction(exchange);
  }
}

function routeByTarget(exchange: Exchange, target: string): void {
  const service = serviceOfTarget(target);
  const prefix = `${service.codec.contract.targetPrefix}.`;
  if (exchange.signed.method !== "POST") {
    exchange.service = service;
    throw new Fault("MethodNotAllowed", 405, "This protocol takes POST only.");
  }
  choose(exchange, service, target.startsWith(prefix) ? target.slice(prefix.length) : target, undefined);
}

function routeByAction(exchange: Exchange): void {
  const { method, query } = exchange.signed;
  exchange.service ??= defaultServices.query;
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

/** @throws Fault for an operation that the contract does not name, or of another API version */
function choose(exchange: Exchange, service: Service, name: string, version: string | undefined): void {
  exchange.service = service;
  exchange.contract = service.codec.operation(name, version);
  exchange.operation = service.operation(exchange.contract);
}

const welcome = {
  status: 200,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: "This is rolecall: AWS-compatible IAM and STS. Point an AWS client here with AWS_ENDPOINT_URL.\n",
};
