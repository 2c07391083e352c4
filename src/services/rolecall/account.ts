import type { OperationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import { pagesOf } from "../../operation/page.ts";
import * as accounts from "../../store/organizations/accounts.ts";
import type { AccountRecord } from "../../store/organizations/accounts.ts";
import { createAccountWithAdministrator, randomAccountId } from "./administrator.ts";
import { conflict, notFound, validation } from "./faults.ts";
import { operatorRequirement } from "./requirements.ts";

const pages = pagesOf("rolecall", (member) => validation(`${member} is not valid.`));

/** Makes an account with its root and an administrator whose key is in the answer, once. */
export const createAccount = operation("rolecall", "CreateAccount", {
  writes: true,
  authorize: (input, _loaded, context) =>
    operatorRequirement(context, "CreateAccount", `account/${input.AccountId ?? "*"}`),
  async handle(input, _loaded, context) {
    const { tx, environment, partition, request } = context;
    const id = input.AccountId ?? (await freshAccountId(context));
    if ((await accounts.byId(tx, id)) !== null) throw conflict(`Account ${id} already exists.`);
    if (environment.externalAccounts.has(id)) {
      throw conflict(`Account ${id} is named in externalAccounts: it cannot also be an account of this server.`);
    }
    if (input.Email !== undefined && (await accounts.byEmail(tx, input.Email)) !== null) {
      throw conflict(`An account with the email ${input.Email} already exists.`);
    }
    const created = await createAccountWithAdministrator(tx, environment, {
      id,
      name: input.Name ?? `account-${id}`,
      email: input.Email,
      partition,
      now: request.now,
    });
    return {
      Account: describe(created.account),
      Administrator: {
        UserName: created.userName,
        AccessKeyId: created.accessKeyId,
        SecretAccessKey: created.secretAccessKey,
      },
    };
  },
});

export const getAccount = operation("rolecall", "GetAccount", {
  writes: false,
  authorize: (input, _loaded, context) => operatorRequirement(context, "GetAccount", `account/${input.AccountId}`),
  async handle(input, _loaded, { tx }) {
    const account = await accounts.byId(tx, input.AccountId);
    if (account === null) throw notFound(`Account ${input.AccountId} does not exist.`);
    return { Account: describe(account) };
  },
});

export const listAccounts = operation("rolecall", "ListAccounts", {
  writes: false,
  authorize: (_input, _loaded, context) => operatorRequirement(context, "ListAccounts"),
  handle: (input, _loaded, { tx }) =>
    pages.list("ListAccounts", input, {
      fetch: (after, limit) => accounts.list(tx, { after, limit }),
      keyOf: (account) => account.id,
      show: describe,
    }),
});

export function describe(account: AccountRecord) {
  return {
    AccountId: account.id,
    Name: account.name,
    Arn: `arn:${account.partition}:rolecall::${account.id}:account`,
    Email: account.email ?? undefined,
    CreatedAt: new Date(account.createdAt),
    OrganizationPath: account.organizationPath ?? undefined,
  };
}

/** An id that no account has, here or outside. */
async function freshAccountId({ tx, environment }: OperationContext): Promise<string> {
  for (;;) {
    const id = randomAccountId(environment.ids);
    if (!environment.externalAccounts.has(id) && (await accounts.byId(tx, id)) === null) return id;
  }
}
