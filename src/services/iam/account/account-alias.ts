import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import { atHand } from "../../../operation/page.ts";
import * as accounts from "../../../store/organizations/accounts.ts";
import { requirementOnAll } from "../entity/entity-names.ts";
import { aliasAlreadyExists, noSuchAlias } from "../entity/faults.ts";
import { pages } from "../entity/paging.ts";

/**
 * An account has one alias at most. A new one takes the old one's place without a word, and a name that is taken, by
 * whatever account, is refused (observed on AWS, reported in floci-io/floci pull request 2103).
 */
export const createAccountAlias = operation("iam", "CreateAccountAlias", {
  writes: true,
  authorize: (_, __, context) => [requirementOnAll("iam:CreateAccountAlias", context)],
  handle: async (input, _, context) => {
    const alias = input.AccountAlias;
    if ((await accounts.byAlias(context.tx, alias)) !== null) throw aliasAlreadyExists(alias);
    await accounts.setAlias(context.tx, context.account, alias);
    return {};
  },
});

export const deleteAccountAlias = operation("iam", "DeleteAccountAlias", {
  writes: true,
  authorize: (_, __, context) => [requirementOnAll("iam:DeleteAccountAlias", context)],
  handle: async (input, _, context) => {
    if ((await aliasOf(context)) !== input.AccountAlias) throw noSuchAlias(input.AccountAlias);
    await accounts.setAlias(context.tx, context.account, null);
    return {};
  },
});

export const listAccountAliases = operation("iam", "ListAccountAliases", {
  writes: false,
  authorize: (_, __, context) => [requirementOnAll("iam:ListAccountAliases", context)],
  handle: async (input, _, context) => {
    const alias = await aliasOf(context);
    const all = atHand(alias === null ? [] : [alias], itself);
    return pages.list("ListAccountAliases", input, { ...all, show: itself });
  },
});

function itself(alias: string): string {
  return alias;
}

async function aliasOf(context: OperationContext): Promise<string | null> {
  return (await accounts.byId(context.tx, context.account))?.alias ?? null;
}
