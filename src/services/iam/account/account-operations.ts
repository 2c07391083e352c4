import type { Registry } from "../../../operation/operation.ts";
import { createAccountAlias, deleteAccountAlias, listAccountAliases } from "./account-alias.ts";
import { getAccountAuthorizationDetails } from "./account-authorization.ts";
import { getAccountSummary } from "./account-summary.ts";

export const accountOperations = {
  CreateAccountAlias: createAccountAlias,
  DeleteAccountAlias: deleteAccountAlias,
  ListAccountAliases: listAccountAliases,
  GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
  GetAccountSummary: getAccountSummary,
} satisfies Partial<Registry<"iam">>;
