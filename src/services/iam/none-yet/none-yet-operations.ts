import { iamArn } from "../../../arn/arn.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import type { Registry } from "../../../operation/operation.ts";
import { credentialOwner, ownerId, requirementOnOwner } from "../entity/credential-owner.ts";
import { iamFault, validationError } from "../entity/faults.ts";

/**
 * What nothing makes here yet, asked for by those who may of a user or role that is there: the truth is that there is
 * none. Terraform and Ansible ask before they delete one. A kind that is built takes its operation from here.
 */
export const noneYetOperations = {
  ListServiceSpecificCredentials: operation("iam", "ListServiceSpecificCredentials", {
    writes: false,
    load: async (input, context) => (input.AllUsers === true ? null : credentialOwner(input.UserName, context)),
    authorize: (_, owner, context) => [
      owner === null
        ? requirementOnAllUsers("iam:ListServiceSpecificCredentials", context)
        : requirementOnOwner("iam:ListServiceSpecificCredentials", owner, context),
    ],
    handle: ({ ServiceName: service, UserName: user }, owner, context) => {
      if (owner !== null) ownerId(owner, context);
      // The text is by analogy: only that the two exclude each other is documented (API reference).
      else if (user !== undefined) throw validationError("UserName cannot be specified when AllUsers is true.");
      if (service !== undefined && !servicesWithCredentials.has(service.toLowerCase())) {
        const message = `No such service ${service} is supported for Service Specific Credentials`;
        throw iamFault("NoSuchEntity", message);
      }
      return { ServiceSpecificCredentials: [], IsTruncated: false };
    },
  }),
} satisfies Partial<Registry<"iam">>;

/** Observed on AWS, September 2026. */
const servicesWithCredentials = new Set([
  "aws-external-anthropic.amazonaws.com",
  "bedrock.amazonaws.com",
  "cassandra.amazonaws.com",
  "cloudwatch.amazonaws.com",
  "codecommit.amazonaws.com",
  "logs.amazonaws.com",
]);

/** All users of the account are `user/*` (observed on AWS, September 2026). */
function requirementOnAllUsers(action: string, { account, partition }: OperationContext) {
  return { action, resource: iamArn(partition, account, "user", "*"), resourceAccount: account };
}
