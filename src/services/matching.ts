/** Which service a request means, by what its protocol has for that. The rows are in services.ts. */
import type { Service } from "./service.ts";
import { defaultServices, services } from "./services.ts";

const all: readonly Service[] = Object.values(services);

/** An operation that its path names. */
interface PathOperation {
  readonly service: Service;
  readonly operation: string;
}

const byPath: ReadonlyMap<string, PathOperation> = new Map(
  all.flatMap((service) =>
    Object.entries(service.paths).map(([path, operation]) => [path, { service, operation }] as const),
  ),
);

/** What stands before the last dot of X-Amz-Target. */
const byTarget: ReadonlyMap<string, Service> = new Map(
  all.flatMap((service) => {
    const { targetPrefix } = service.codec.contract;
    return targetPrefix === undefined ? [] : [[targetPrefix, service] as const];
  }),
);

/** Those that are asked by an Action; first the one that answers where none is named. */
const queried: readonly Service[] = [
  defaultServices.query,
  ...all.filter((service) => service.codec.contract.protocol === "query" && service !== defaultServices.query),
];

const byScope: ReadonlyMap<string, Service> = new Map(queried.map((service) => [service.name, service]));

export function operationOfPath(path: string): PathOperation | undefined {
  return byPath.get(path);
}

/** The service of an X-Amz-Target, e.g. `Rolecall.ListAccounts`; an unknown one is refused by the default service. */
export function serviceOfTarget(target: string): Service {
  return byTarget.get(target.slice(0, target.lastIndexOf("."))) ?? defaultServices["json-1.1"];
}

/** Which of the services that are asked by an Action a signature is for. @param scope in the credential scope, if any */
export function serviceOfScope(scope: string | null): Service {
  return (scope === null ? undefined : byScope.get(scope)) ?? defaultServices.query;
}

/** An unsigned request names its service only through what it asks. */
export function serviceOfAction(action: string, version: string | undefined): Service {
  const ofVersion = queried.find(({ codec }) => codec.contract.apiVersion === version);
  const ofAction = queried.find(({ codec }) => Object.hasOwn(codec.contract.operations, action));
  return ofVersion ?? ofAction ?? defaultServices.query;
}
