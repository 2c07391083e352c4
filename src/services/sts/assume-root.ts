import { isAccountId, parseArn, rootArn } from "../../arn/arn.ts";
import type { AssumeRootRequest } from "../../contracts/sts/types.gen.ts";
import type { OperationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import { assumedRootContext } from "../../session/assumed-root.ts";
import type { SessionGrant } from "../../session/grant.ts";
import { lineageOf } from "../../session/lineage.ts";
import { principalArn } from "../../session/principal.ts";
import * as accounts from "../../store/organizations/accounts.ts";
import * as organizations from "../../store/organizations/organizations.ts";
import type { RootFeature } from "../../store/organizations/organizations.ts";
import { accessDenied, validationError } from "./faults.ts";
import { refuseGlobalEndpoint } from "./global-endpoint.ts";
import { issueSession } from "./issue.ts";

/** What a session of root may be for, and what the organization must have switched on for it (IAM User Guide, id_root-user-privileged-task). */
const tasks: Readonly<Record<string, RootFeature>> = {
  IAMAuditRootUserCredentials: "rootCredentials",
  IAMCreateRootUserPassword: "rootCredentials",
  IAMDeleteRootUserCredentials: "rootCredentials",
  S3UnlockBucketPolicy: "rootSessions",
  SQSUnlockQueuePolicy: "rootSessions",
};

/** Whose root, and for what. */
interface Task {
  readonly account: string;
  readonly policyArn: string;
  readonly feature: RootFeature;
}

/** Seconds (STS API, AssumeRoot). */
const longest = 900;

/**
 * AWS's documents of the tasks deny what a task does not need and allow nothing. Root may do everything; so may its session
 * beside them.
 */
const everythingElse = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "*", Resource: "*" },
});

/**
 * STS API, AssumeRoot: a session of a member account's root, for one task, that the organization's management account takes.
 * Order and texts of the checks: observed on AWS, September 2026 (radkawar/stackd captures).
 */
export const assumeRoot = operation("sts", "AssumeRoot", {
  writes: false,

  load(input, context): Task {
    refuseGlobalEndpoint(context, "Unknown Operation");
    const account = accountOf(input.TargetPrincipal, context.partition);
    if (account === null) throw validationError("Request must contain a valid target principal");
    return { account, ...taskOf(input, context.partition) };
  },

  // Policies of the caller alone decide: no account can refuse its organization.
  authorize: (_input, { account, policyArn }, context) => [
    {
      action: "sts:AssumeRoot",
      resource: rootArn(context.partition, account),
      resourceAccount: context.account,
      resourceOwner: account,
      withoutReason: true,
      context: { "sts:TaskPolicyArn": policyArn },
    },
  ],

  async handle(input, task, context) {
    await requireManaged(task, context);
    const grant = grantOf(input, task, context);
    const { credentials } = issueSession(context, grant);
    const { TargetPrincipal: targetPrincipal, DurationSeconds: durationSeconds } = input;
    const parameters = { targetPrincipal, taskPolicyArn: { arn: task.policyArn }, durationSeconds };
    context.alsoConcerns({ account: task.account, parameters });
    return { Credentials: credentials, SourceIdentity: grant.sourceIdentity };
  },
});

/** An account's id, or the ARN of its root; null for any other principal. */
function accountOf(target: string, partition: string): string | null {
  if (isAccountId(target)) return target;
  const account = parseArn(target)?.account ?? "";
  return isAccountId(account) && target === rootArn(partition, account) ? account : null;
}

/** @throws Fault ValidationError */
function taskOf({ TaskPolicyArn: { arn = "" } }: AssumeRootRequest, partition: string): Omit<Task, "account"> {
  const prefix = `arn:${partition}:iam::aws:policy/root-task/`;
  const name = arn.startsWith(prefix) ? arn.slice(prefix.length) : "";
  if (Object.hasOwn(tasks, name)) return { policyArn: arn, feature: tasks[name]! };
  throw validationError("Request must contain valid AWS managed task policy ARN");
}

/**
 * The caller acts for the management account of the target's organization, which is another account's, and has switched the
 * feature on. Which of that is not so nobody is told, as at AWS; nor root, which may not call it.
 *
 * @throws Fault AccessDenied
 */
async function requireManaged({ account, feature }: Task, { tx, caller, partition }: OperationContext): Promise<void> {
  const organization = await organizations.byManagementAccount(tx, caller.account);
  const target = organization === null ? null : await accounts.byId(tx, account);
  const isMember = target !== null && target.organizationId === organization?.id && account !== caller.account;
  if (isMember && organization[feature] && caller.principal.type !== "Root") return;
  const resource = rootArn(partition, account);
  throw accessDenied(
    `User: ${principalArn(caller)} is not authorized to perform: sts:AssumeRoot on resource: ${resource}`,
  );
}

function grantOf(input: AssumeRootRequest, { account, policyArn }: Task, { caller }: OperationContext): SessionGrant {
  return {
    kind: "user",
    account,
    issuerId: account,
    sessionName: "root",
    duration: input.DurationSeconds ?? longest,
    lineage: lineageOf(caller),
    mfaAt: undefined,
    sourceIdentity: caller.session?.sourceIdentity,
    tags: [],
    policies: { policy: everythingElse, policyArns: [policyArn] },
    context: assumedRootContext,
  };
}
