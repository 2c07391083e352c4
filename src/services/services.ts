import { contracts } from "../contracts/contracts.ts";
import type { ServiceName } from "../contracts/contracts.ts";
import type { ProtocolName } from "../contracts/model.ts";
import { iamDialect, plainDialect, stsDialect } from "../wire/dialect.ts";
import { iamRegistry } from "./iam/registry.ts";
import { rolecallRegistry } from "./rolecall/registry.ts";
import { Service } from "./service.ts";
import type { ServiceRow } from "./service.ts";
import { stsRegistry } from "./sts/registry.ts";

/** Resets an ephemeral server. */
const resetPath = "/_rolecall/reset";

/** Operations of IAM whose AccessDenied ended without an authorization id on AWS, whatever refused (September 2026). */
const withoutAuthorizationId = [
  "CreateServiceLinkedRole",
  "DisableOrganizationsRootCredentialsManagement",
  "DisableOrganizationsRootSessions",
  "EnableOrganizationsRootCredentialsManagement",
  "EnableOrganizationsRootSessions",
  "ListOrganizationsFeatures",
] as const;

/** The services, one row each; a contract without a row does not compile. */
const rows: { readonly [S in ServiceName]: ServiceRow<S> } = {
  // Signed for one Region wherever one is (AWS General Reference, IAM endpoints).
  iam: {
    contract: contracts.iam,
    registry: iamRegistry,
    dialect: iamDialect,
    eventSource: "iam.amazonaws.com",
    region: "partition",
    authorizationIds: { except: withoutAuthorizationId },
  },
  sts: {
    contract: contracts.sts,
    registry: stsRegistry,
    dialect: stsDialect,
    eventSource: "sts.amazonaws.com",
    region: "signed",
  },
  rolecall: {
    contract: contracts.rolecall,
    registry: rolecallRegistry,
    dialect: plainDialect,
    eventSource: "rolecall",
    region: "signed",
    paths: { [resetPath]: "Reset" },
  },
};

export const services = Object.fromEntries(
  Object.values(rows).map((row) => [row.contract.service, new Service(row)]),
) as Readonly<Record<ServiceName, Service>>;

/** Who answers a request that names no service, or none that is here: by the protocol that it speaks. */
export const defaultServices: Readonly<Record<ProtocolName, Service>> = {
  query: services.sts,
  "json-1.1": services.rolecall,
};
