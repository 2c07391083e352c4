import { operation } from "../../operation/operation.ts";
import type { OperationContext } from "../../operation/context.ts";
import * as accounts from "../../store/organizations/accounts.ts";
import * as organizations from "../../store/organizations/organizations.ts";
import * as places from "../../store/organizations/places.ts";
import type { NewOrganization } from "../../store/organizations/organizations.ts";
import { describe } from "./account.ts";
import { conflict, notFound, validation } from "./faults.ts";
import { operatorRequirement } from "./requirements.ts";

/** Makes an organization of one account, its management account; others join with MoveAccount. */
export const createOrganization = operation("rolecall", "CreateOrganization", {
  writes: true,
  authorize: (_input, _loaded, context) => operatorRequirement(context, "CreateOrganization", "organization/*"),
  async handle(input, _loaded, context) {
    const { tx, environment, request } = context;
    const account = await accounts.byId(tx, input.ManagementAccountId);
    if (account === null) throw notFound(`Account ${input.ManagementAccountId} does not exist.`);
    if (account.organizationId !== null) {
      throw conflict(`Account ${account.id} is in organization ${account.organizationId} already.`);
    }
    const organization = {
      id: `o-${environment.ids.sessionId().slice(0, 10)}`,
      managementAccount: account.id,
      rootId: `r-${environment.ids.sessionId().slice(0, 4)}`,
      createdAt: request.now,
    };
    await organizations.create(tx, organization);
    await places.put(tx, account, organization.id, rootPath(organization));
    return { Organization: shown(organization, context) };
  },
});

/** The organization of the caller's account. */
export const describeOrganization = operation("rolecall", "DescribeOrganization", {
  writes: false,
  authorize: (_input, _loaded, context) => [
    {
      action: "rolecall:DescribeOrganization",
      resource: "*",
      resourceAccount: context.account,
      shownAs: null,
    },
  ],
  async handle(_input, _loaded, context) {
    const account = await accounts.byId(context.tx, context.account);
    const id = account?.organizationId ?? null;
    const organization = id === null ? null : await organizations.byId(context.tx, id);
    if (organization === null) throw notFound(`Account ${context.account} is in no organization.`);
    return { Organization: shown(organization, context) };
  },
});

/** Puts an account into an organization, or elsewhere in it. */
export const moveAccount = operation("rolecall", "MoveAccount", {
  writes: true,
  authorize: (input, _loaded, context) => operatorRequirement(context, "MoveAccount", `account/${input.AccountId}`),
  async handle(input, _loaded, { tx }) {
    const account = await accounts.byId(tx, input.AccountId);
    if (account === null) throw notFound(`Account ${input.AccountId} does not exist.`);
    const organization = await organizations.byId(tx, organizationOf(input.OrganizationPath));
    if (organization === null) throw notFound(`The organization of ${input.OrganizationPath} does not exist.`);
    if (!input.OrganizationPath.startsWith(rootPath(organization))) {
      throw validation(`A path in ${organization.id} begins with ${rootPath(organization)}.`);
    }
    if (organization.managementAccount !== account.id && account.organizationId !== null) {
      const managed = await organizations.byManagementAccount(tx, account.id);
      if (managed !== null) throw conflict(`Account ${account.id} manages organization ${managed.id}.`);
    }
    await places.put(tx, account, organization.id, input.OrganizationPath);
    return { Account: describe({ ...account, organizationPath: input.OrganizationPath }) };
  },
});

/** Moves a unit of an organization with all that lies in it: the accounts of that moment, and of every later one. */
export const moveOrganizationalUnit = operation("rolecall", "MoveOrganizationalUnit", {
  writes: true,
  authorize: (input, _loaded, context) =>
    operatorRequirement(context, "MoveOrganizationalUnit", `organization/${organizationOf(input.OrganizationPath)}`),
  async handle(input, _loaded, { tx }) {
    const { OrganizationPath: from, ParentPath: parent } = input;
    const organization = await organizations.byId(tx, organizationOf(from));
    if (organization === null) throw notFound(`The organization of ${from} does not exist.`);
    const root = rootPath(organization);
    for (const path of [from, parent]) {
      if (!path.startsWith(root)) throw validation(`A path in ${organization.id} begins with ${root}.`);
    }
    if (from === root) throw validation("The root of an organization cannot be moved.");
    if (parent.startsWith(from)) throw validation("A unit cannot be moved into itself.");
    if (!(await places.exists(tx, organization.id, from))) throw notFound(`No account lies in ${from}.`);
    const to = `${parent}${from.split("/").at(-2)!}/`;
    if (await places.exists(tx, organization.id, to)) throw conflict(`${to} is there already.`);
    await places.moveUnit(tx, organization.id, from, to);
    return { OrganizationPath: to };
  },
});

/** @param path of the form that the contract asks for */
function organizationOf(path: string): string {
  return path.slice(0, path.indexOf("/"));
}

function rootPath(organization: NewOrganization): string {
  return `${organization.id}/${organization.rootId}/`;
}

function shown(organization: NewOrganization, { partition }: OperationContext) {
  return {
    Id: organization.id,
    Arn: `arn:${partition}:organizations::${organization.managementAccount}:organization/${organization.id}`,
    ManagementAccountId: organization.managementAccount,
    RootPath: rootPath(organization),
  };
}
