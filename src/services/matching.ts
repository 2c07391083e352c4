/** Which service a request means, by what its protocol has for that. The rows are in services.ts. */
import { uriTemplate } from "../wire/uri-template.ts";
import type { UriTemplate } from "../wire/uri-template.ts";
import type { Service } from "./service.ts";
import { defaultServices, services } from "./services.ts";

const all: readonly Service[] = Object.values(services);

/** An operation that a target names; whether there is such a one is not looked at. */
interface NamedOperation {
  readonly service: Service;
  readonly operation: string;
}

/** What a path names. */
export interface NamedPath {
  readonly service: Service;
  /** Names of operations by their methods. */
  readonly operations: ReadonlyMap<string, string>;
  /** False where any body will do, which is not looked at. */
  readonly takesBody: boolean;
}

const byPath: ReadonlyMap<string, NamedPath> = new Map(
  all.flatMap((service) =>
    Object.entries(service.paths).map(
      ([path, operation]) => [path, { service, operations: new Map([["POST", operation]]), takesBody: false }] as const,
    ),
  ),
);

interface TemplatePath extends NamedPath {
  readonly template: UriTemplate;
}

/** Paths of the services that are asked by method and path; those with fewer labels first, as they say more. */
const byTemplate: readonly TemplatePath[] = all
  .filter(({ codec }) => codec.contract.protocol === "rest-json")
  .flatMap(templatesOf)
  .toSorted((one, other) => one.template.labels.length - other.template.labels.length);

function templatesOf(service: Service): TemplatePath[] {
  const byUri = new Map<string, Map<string, string>>();
  for (const { http, name } of Object.values(service.codec.contract.operations)) {
    byUri.set(http.uri, (byUri.get(http.uri) ?? new Map<string, string>()).set(http.method, name));
  }
  return [...byUri].map(([uri, operations]) => ({ service, operations, takesBody: true, template: uriTemplate(uri) }));
}

/**
 * By what stands before the last dot of X-Amz-Target. Of a long prefix (`com.amazonaws.….CloudTrail_20131101`) some SDKs
 * send the last part alone, which is the service's name in Smithy.
 */
const byTarget: ReadonlyMap<string, Service> = new Map(
  all.flatMap((service) => {
    const { targetPrefix } = service.codec.contract;
    if (targetPrefix === undefined) return [];
    return [targetPrefix, targetPrefix.slice(targetPrefix.lastIndexOf(".") + 1)].map(
      (name) => [name, service] as const,
    );
  }),
);

/** Those that are asked by an Action; first the one that answers where none is named. */
const queried: readonly Service[] = [
  defaultServices.query,
  ...all.filter((service) => service.codec.contract.protocol === "query" && service !== defaultServices.query),
];

const byScope: ReadonlyMap<string, Service> = new Map(queried.map((service) => [service.name, service]));

/** What a request that is asked by an Action may say: members of any operation, and what stands beside them. */
export const queriedMembers: ReadonlySet<string> = new Set([
  "Action",
  "Version",
  "ContentType",
  ...queried.flatMap(({ codec }) =>
    Object.values(codec.contract.operations).flatMap(({ input }) => Object.keys(input.members)),
  ),
]);

/** What a path names by itself; undefined for all others, on which Action or X-Amz-Target says what is asked for. */
export function namedByPath(path: string): NamedPath | undefined {
  if (path === "/") return undefined;
  return byPath.get(path) ?? byTemplate.find(({ template }) => template.matches(path));
}

/** What an X-Amz-Target names, e.g. `Rolecall.ListAccounts`; one of no service is for the default service to refuse. */
export function operationOfTarget(target: string): NamedOperation {
  const dot = target.lastIndexOf(".");
  const service = byTarget.get(target.slice(0, Math.max(dot, 0)));
  if (service === undefined) return { service: defaultServices["json-1.1"], operation: target };
  return { service, operation: target.slice(dot + 1) };
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
