import { namedByPath, operationOfTarget, serviceOfScope } from "../services/matching.ts";
import type { Service } from "../services/service.ts";
import type { Exchange } from "./stage.ts";

/**
 * The service that a request reaches, as its head alone says: operations of some are named by path or X-Amz-Target, those
 * of the others by an Action, and which of these is meant is what the signature is scoped to. The credential scope is
 * held to this service before the key is looked up, as at AWS: credentials that a client gave to STS alone (a presigned
 * GetCallerIdentity, say) never act on rolecall.
 *
 * @param scoped the service in the credential scope; null for an unsigned request
 */
export function addressedService({ signed, arrival }: Exchange, scoped: string | null): Service {
  const byPath = namedByPath(signed.path);
  if (byPath !== undefined) return byPath.service;
  const target = arrival.operationTarget;
  return target === undefined ? serviceOfScope(scoped) : operationOfTarget(target).service;
}
