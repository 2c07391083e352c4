import { isPolicyArn, parseArn } from "../../../arn/arn.ts";
import type { CreateDelegationRequestRequest } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import { checkGrammar, PolicyGrammarError } from "../../../policy/index.ts";
import { userId } from "../../../session/principal.ts";
import { countOpen, create, forgetExpired } from "../../../store/iam/delegation-requests.ts";
import type { TemplateParameter } from "../../../store/iam/delegation-requests.ts";
import * as policies from "../../../store/iam/policies.ts";
import * as versions from "../../../store/iam/policy-versions.ts";
import * as accounts from "../../../store/organizations/accounts.ts";
import { Conflict } from "../../../store/sql/errors.ts";
import { iamFault, invalidInput, quotaExceeded } from "../entity/faults.ts";
import { entering } from "./lifecycle.ts";
import { requestArn } from "./found-request.ts";
import { boundariesOf, UnboundedRole } from "./role-boundaries.ts";
import { renderTemplate, TemplateError } from "./template.ts";

/** How long a request is kept once it has expired, in milliseconds; AWS does not say how long it does. */
const retention = 30 * 24 * 60 * 60 * 1000;

/** The longest name of a requestor (API Reference, DelegationRequest). */
const longestName = 30;

/**
 * IAM API, CreateDelegationRequest. On AWS for partners who have registered; here for whoever is allowed to in an account
 * of the server. Whether the account that is asked exists is not told: nobody can take up what asks one that does not.
 */
export const createDelegationRequest = operation("iam", "CreateDelegationRequest", {
  writes: true,
  // A new request has no id yet.
  authorize: (input, _, context) => [
    {
      action: "iam:CreateDelegationRequest",
      resource: requestArn(context, "*"),
      resourceAccount: context.account,
      context: {
        "iam:DelegationDuration": String(input.SessionDuration),
        "iam:NotificationChannel": input.NotificationChannel,
        "iam:TemplateArn": input.Permissions.PolicyTemplateArn,
      },
    },
  ],
  handle: async (input, _, context) => {
    const { tx, account, caller, environment, request } = context;
    requireOwnTopic(input.NotificationChannel, context);
    const templateArn = input.Permissions.PolicyTemplateArn;
    if (templateArn === undefined) throw invalidInput("Permissions must have a PolicyTemplateArn.");
    const parameters = parametersOf(input);
    const { policy, boundaryArns } = asked(await templateDocument(templateArn, context), parameters, context);
    await forgetExpired(tx, account, request.now - retention);
    const limit = environment.quotas.delegationRequestsPerAccount;
    // Two at once cannot both pass: the transaction is serializable.
    if ((await countOpen(tx, account, request.now)) >= limit)
      throw quotaExceeded("DelegationRequestsPerAccount", limit);
    const requestorName = await nameOf(context);
    const entered = entering("UNASSIGNED", request.now);
    const id = environment.ids.uuid();
    await made(
      create(tx, {
        id,
        requestorAccount: account,
        requestorId: userId(caller),
        requestorName,
        workflowId: input.RequestorWorkflowId,
        description: input.Description,
        requestMessage: input.RequestMessage,
        templateArn,
        parameters,
        policy,
        boundaryArns,
        notificationChannel: input.NotificationChannel,
        redirectUrl: input.RedirectUrl,
        sessionDuration: input.SessionDuration,
        onlySendByOwner: input.OnlySendByOwner ?? false,
        ownerAccount: input.OwnerAccountId,
        ...entered,
        createdAt: request.now,
        history: [{ state: entered.state, at: request.now }],
      }),
    );
    const { consoleUrl } = environment;
    return {
      ...(consoleUrl === null ? {} : { ConsoleDeepLink: `${consoleUrl}#/delegation-requests/${id}` }),
      DelegationRequestId: id,
    };
  },
});

/** @throws Fault InvalidInput. The texts of refusals here are ours: no message of these operations is known. */
function requireOwnTopic(channel: string, { account, partition }: OperationContext): void {
  const arn = parseArn(channel);
  const isOwn = arn?.service === "sns" && arn.partition === partition && arn.account === account && arn.region !== "";
  if (isOwn && /^[\w-]{1,256}(?:\.fifo)?$/.test(arn.resource)) return;
  throw invalidInput(`NotificationChannel must be the ARN of an SNS topic of the account ${account}.`);
}

function parametersOf({
  Permissions: { Parameters: given = [] },
}: CreateDelegationRequestRequest): TemplateParameter[] {
  return given.map(({ Name: name, Type: type, Values: values }) => {
    if (name === undefined || type === undefined || values === undefined) {
      throw invalidInput("Each parameter must have a Name, a Type and Values.");
    }
    return { name, type, values };
  });
}

/**
 * On AWS a template is registered by AWS for a partner; here it is a managed policy of the requestor's account, or one of
 * AWS's own.
 */
async function templateDocument(arn: string, context: OperationContext): Promise<string> {
  const parsed = parseArn(arn);
  if (parsed !== null && isPolicyArn(parsed) && parsed.partition === context.partition) {
    const managed = context.environment.awsManaged.get(arn);
    if (managed !== undefined) return managed.document;
    const policy = parsed.account === context.account ? await policies.byArn(context.tx, arn) : null;
    const version = policy === null ? null : await versions.byNumber(context.tx, policy, policy.defaultVersion);
    if (version !== null) return version.document;
  }
  throw invalidInput(`The policy template ${arn} does not exist in the account ${context.account}.`);
}

interface Asked {
  readonly policy: string;
  readonly boundaryArns: readonly string[];
}

/** What is asked for; it will limit a session, so it has to be a policy that one can have. @throws Fault InvalidInput */
function asked(template: string, parameters: readonly TemplateParameter[], { partition }: OperationContext): Asked {
  try {
    const policy = renderTemplate(template, parameters);
    return { policy, boundaryArns: boundariesOf(checkGrammar(policy, "session", { partitions: [partition] })) };
  } catch (error) {
    if (error instanceof PolicyGrammarError) {
      throw invalidInput(`The policy template does not make a valid policy: ${error.message}`);
    }
    if (error instanceof TemplateError || error instanceof UnboundedRole) throw invalidInput(error.message);
    throw error;
  }
}

/** The account's name, as far as a requestor's may be one (API Reference, DelegationRequest). */
async function nameOf({ tx, account }: OperationContext): Promise<string> {
  const name = (await accounts.byId(tx, account))?.name ?? "";
  return name.replaceAll(/[^\u0020-\u007E\u00A1-\u00FF]/g, "?").slice(0, longestName);
}

/** @throws Fault EntityAlreadyExists */
async function made(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    const message = `A delegation request with the requestor workflow id ${error.key} already exists.`;
    throw iamFault("EntityAlreadyExists", message);
  }
}
