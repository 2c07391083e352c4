import { iamArn } from "../../../arn/arn.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as preferences from "../../../store/iam/account-preferences.ts";
import { requirementOnAll } from "../entity/entity-names.ts";
import { invalidInput } from "../entity/faults.ts";

/**
 * Switches of an account as a whole, named `Namespace/Property`. AWS has one. All texts, what is accepted and what enabling
 * it asks for were observed on AWS, September 2026 (radkawar/stackd captures).
 */
const roleManager = "RoleManager";
const enabled = `${roleManager}/Enabled`;
/** The service whose service-linked role AWS's role manager works by. */
const roleManagerService = "role-manager.iam.amazonaws.com";

type Properties = Readonly<Record<string, string>>;

export const getAccountProperties = operation("iam", "GetAccountProperties", {
  writes: false,
  // That the one namespace there is stands in the key is by analogy: the reference names it, without its values.
  authorize: (_input, _loaded, context) => [
    requirementOnNamespaces("iam:GetAccountProperties", [roleManager], context),
  ],
  handle: async (_input, _loaded, { tx, account }) => ({
    Properties: { [enabled]: String((await preferences.byAccount(tx, account)).roleManager) },
  }),
});

export const putAccountProperties = operation("iam", "PutAccountProperties", {
  writes: true,
  authorize: ({ Properties: properties }, _, context) => {
    const put = requirementOnNamespaces("iam:PutAccountProperties", namespacesOf(properties), context);
    return properties[enabled] === "true" ? [put, requirementToEnable(context)] : [put];
  },
  handle: async ({ Properties: properties }, _, { tx, account }) => {
    await preferences.set(tx, account, { roleManager: checkedEnabled(properties) === "true" });
    return {};
  },
});

function namespacesOf(properties: Properties): readonly string[] {
  return [...new Set(Object.keys(properties).map((name) => name.split("/", 1)[0]!))];
}

function requirementOnNamespaces(
  action: string,
  namespaces: readonly string[],
  context: OperationContext,
): Requirement {
  return { ...requirementOnAll(action, context), context: { "iam:AccountPropertyNamespaces": namespaces } };
}

function requirementToEnable({ account, partition }: OperationContext): Requirement {
  const path = `/aws-service-role/${roleManagerService}/`;
  return {
    action: "iam:CreateServiceLinkedRole",
    resource: iamArn(partition, account, "role", "AWSServiceRoleForIAMRoleManager", path),
    resourceAccount: account,
    context: { "iam:AWSServiceName": roleManagerService },
  };
}

/** An unknown property beside `Enabled` is dropped without a word. @throws Fault InvalidInput */
function checkedEnabled(properties: Properties): "true" | "false" {
  for (const name of Object.keys(properties)) {
    if (!/^[^/]+\/./.test(name)) throw invalidInput(`Property key must be in format Namespace/PropertyName: ${name}`);
  }
  const namespaces = namespacesOf(properties);
  if (namespaces.length > 1) throw invalidInput("All properties must belong to the same namespace");
  const [namespace = ""] = namespaces;
  if (namespace !== roleManager) throw invalidInput(`Unsupported namespace: ${namespace}`);
  const value = properties[enabled];
  if (value === undefined) throw invalidInput("RoleManager namespace requires Enabled property");
  if (value !== "true" && value !== "false") throw invalidInput("Enabled must be 'true' or 'false'");
  return value;
}
