/** The service `rolecall` as `validate` wants services described: by its contract, and by the ARNs that its operations ask for. */
import { rolecall } from "../contracts/rolecall/contract.ts";
import type { ServiceDescription } from "../policy/validate/services.ts";

const resources: readonly (readonly [name: string, resource: string])[] = [
  ["account", "account/${AccountId}"],
  ["keys", "keys"],
  ["oidc-provider", "oidc-provider/${ProviderName}"],
  ["organization", "organization/${OrganizationId}"],
  ["role", "role/${RoleNameWithPath}"],
  ["server", "server"],
  ["service", "service/${Service}"],
  ["trail", "trail"],
  ["trail-of-account", "trail/${AccountId}"],
];

export const ownService: ServiceDescription = {
  prefix: rolecall.service,
  resourceTypes: resources.map(([name, resource]) => ({
    name,
    arn: `arn:\${Partition}:rolecall::\${Account}:${resource}`,
  })),
  conditionKeys: [],
  actions: Object.values(rolecall.operations).map(({ name, readOnly }) => ({
    name,
    accessLevel: readOnly ? "Read" : "Write",
    resourceTypes: resources.map(([type]) => type),
    conditionKeys: [],
  })),
};
