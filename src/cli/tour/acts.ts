/** What the cast does, over the wire; the story is told in terms of these. */
import type { Stage } from "./stage.ts";
import { present } from "./stage.ts";

/** A policy document of this version, with the given statements. */
export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A user with an access key, who holds it from now on under the name given. */
export async function hireUser(stage: Stage, by: string, userName: string, holder: string): Promise<string> {
  const { CreateUserCommand, CreateAccessKeyCommand } = stage.iamCommands;
  const made = await stage.iam(by).send(new CreateUserCommand({ UserName: userName }));
  const { AccessKey: key } = await stage.iam(by).send(new CreateAccessKeyCommand({ UserName: userName }));
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = present(key, "AccessKey");
  stage.give(holder, {
    accessKeyId: present(accessKeyId, "AccessKeyId"),
    secretAccessKey: present(secretAccessKey, "SecretAccessKey"),
  });
  return `${made.User?.Arn} with the access key ${accessKeyId}`;
}

export async function allowUser(
  stage: Stage,
  by: string,
  userName: string,
  name: string,
  document: string,
): Promise<string> {
  const { PutUserPolicyCommand } = stage.iamCommands;
  await stage
    .iam(by)
    .send(new PutUserPolicyCommand({ UserName: userName, PolicyName: name, PolicyDocument: document }));
  return `${userName} has the policy ${name}`;
}

export async function allowRole(
  stage: Stage,
  by: string,
  roleName: string,
  name: string,
  document: string,
): Promise<string> {
  const { PutRolePolicyCommand } = stage.iamCommands;
  await stage
    .iam(by)
    .send(new PutRolePolicyCommand({ RoleName: roleName, PolicyName: name, PolicyDocument: document }));
  return `${roleName} has the policy ${name}`;
}

export interface NewRole {
  readonly name: string;
  readonly trust: string;
  readonly maxSeconds?: number;
}

export async function makeRole(stage: Stage, by: string, role: NewRole): Promise<string> {
  const { CreateRoleCommand } = stage.iamCommands;
  const { Role: made } = await stage.iam(by).send(
    new CreateRoleCommand({
      RoleName: role.name,
      AssumeRolePolicyDocument: role.trust,
      ...(role.maxSeconds === undefined ? {} : { MaxSessionDuration: role.maxSeconds }),
    }),
  );
  return `${made?.Arn} (${made?.RoleId})`;
}

export interface Hat {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Under whose name the session's credentials are held from then on. */
  readonly holder: string;
  readonly externalId?: string;
  readonly seconds?: number;
}

/** Puts on a role. */
export async function assume(stage: Stage, who: string, hat: Hat): Promise<string> {
  const { AssumeRoleCommand } = stage.stsCommands;
  const answer = await stage.sts(who).send(
    new AssumeRoleCommand({
      RoleArn: hat.roleArn,
      RoleSessionName: hat.sessionName,
      ...(hat.externalId === undefined ? {} : { ExternalId: hat.externalId }),
      ...(hat.seconds === undefined ? {} : { DurationSeconds: hat.seconds }),
    }),
  );
  const credentials = present(answer.Credentials, "Credentials");
  stage.give(hat.holder, {
    accessKeyId: present(credentials.AccessKeyId, "AccessKeyId"),
    secretAccessKey: present(credentials.SecretAccessKey, "SecretAccessKey"),
    sessionToken: present(credentials.SessionToken, "SessionToken"),
  });
  return `${answer.AssumedRoleUser?.Arn}, until ${credentials.Expiration?.toISOString()}`;
}

export async function whoAmI(stage: Stage, who: string): Promise<string> {
  const { GetCallerIdentityCommand } = stage.stsCommands;
  const { Arn: arn, UserId: userId } = await stage.sts(who).send(new GetCallerIdentityCommand({}));
  return `${arn} (${userId})`;
}

/** The curl command for a request to the example service. */
export function curl(stage: Stage, method: string, path: string): string {
  const flags = method === "GET" ? "" : `-X ${method} --data-binary @- `;
  return `curl --aws-sigv4 aws:amz:${stage.cast.region}:documents ${flags}${stage.documentsUrl}${path}`;
}

export async function document(
  stage: Stage,
  who: string,
  method: string,
  path: string,
  body?: string,
): Promise<string> {
  const { status, text } = await stage.documents(who, method, path, body);
  return `${status}${text === "" ? "" : ` ${text}`}`;
}
