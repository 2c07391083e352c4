import { accountOfId } from "../../arn/unique-id.ts";
import { operation } from "../../operation/operation.ts";
import { principalArn, userId } from "../../session/principal.ts";
import * as accessKeys from "../../store/iam/access-keys.ts";
import { named } from "../../text/shorten.ts";
import { validationError } from "./faults.ts";

/** STS API, GetCallerIdentity: always allowed, even where a policy denies it. */
export const getCallerIdentity = operation("sts", "GetCallerIdentity", {
  writes: false,
  authorize: "always",
  handle: (_input, _loaded, { caller }) => ({
    UserId: userId(caller),
    Account: caller.account,
    Arn: principalArn(caller),
  }),
});

/**
 * STS API, GetAccessKeyInfo: the account of any access key id. The id itself says it; only a preset administrator key
 * may not, so the store is asked first.
 */
export const getAccessKeyInfo = operation("sts", "GetAccessKeyInfo", {
  writes: false,
  authorize: (_input, _loaded, { account }) => [
    { action: "sts:GetAccessKeyInfo", resource: "*", resourceAccount: account, shownAs: null },
  ],
  async handle(input, _loaded, { tx }) {
    const known = await accessKeys.byId(tx, input.AccessKeyId);
    const account = known?.account ?? accountOfId(input.AccessKeyId);
    if (account === null) throw validationError(`Invalid AccessKeyId: ${named(input.AccessKeyId)}`);
    return { Account: account };
  },
});
