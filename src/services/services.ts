import { contracts } from "../contracts/contracts.ts";
import type { ServiceName } from "../contracts/contracts.ts";
import type { ProtocolName } from "../contracts/model.ts";
import { consoleSignIn } from "../trail/recorded-operation.ts";
import { iamDialect, plainDialect, stsDialect } from "../wire/dialect.ts";
import { iamToolboxRegistry } from "./iam-toolbox/registry.ts";
import { iamRegistry } from "./iam/registry.ts";
import { rolecallRegistry } from "./rolecall/registry.ts";
import { Service } from "./service.ts";
import type { ServiceRow } from "./service.ts";
import { stsRegistry } from "./sts/registry.ts";

/** Resets an ephemeral server. */
const resetPath = "/_rolecall/reset";

/** Operations of IAM whose AccessDenied ended without an authorization id on AWS, whatever refused (September 2026). */
const withoutAuthorizationId = [
  "AcquireRole",
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
    recorded: { SignIn: consoleSignIn },
  },
  "iam-toolbox": {
    contract: contracts["iam-toolbox"],
    registry: iamToolboxRegistry,
    dialect: plainDialect,
    eventSource: "iam-toolbox.amazonaws.com",
    region: "signed",
  },
};

export const services = Object.fromEntries(
  Object.values(rows).map((row) => [row.contract.service, new Service(row)]),
) as Readonly<Record<ServiceName, Service>>;

/**
 * Who answers a request that names no service, or none that is here: by the protocol that it speaks. Of a REST protocol
 * nothing is known but by a path that one of its services has.
 */
export const defaultServices: Readonly<Record<Exclude<ProtocolName, "rest-json">, Service>> = {
  query: services.sts,
  "json-1.1": services.rolecall,
};
