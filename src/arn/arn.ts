/**
 * Amazon Resource Names: `arn:partition:service:region:account:resource`, where only the resource
 * may contain further colons (AWS General Reference, "Amazon Resource Names").
 */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Splits an ARN into its six parts; null when the text is not an ARN. Parts may be empty. */
export function parseArn(text: string): Arn | null {
  if (!text.startsWith("arn:")) return null;
  const partition = text.indexOf(":", 4);
  if (partition < 0) return null;
  const service = text.indexOf(":", partition + 1);
  if (service < 0) return null;
  const region = text.indexOf(":", service + 1);
  if (region < 0) return null;
  const account = text.indexOf(":", region + 1);
  if (account < 0) return null;
  return {
    partition: text.slice(4, partition),
    service: text.slice(partition + 1, service),
    region: text.slice(service + 1, region),
    account: text.slice(region + 1, account),
    resource: text.slice(account + 1),
  };
}

/** An account id is exactly twelve decimal digits. */
export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** ARN of an IAM entity; `path` begins and ends with `/` (IAM User Guide, reference_identifiers). */
export function iamArn(partition: string, account: string, type: IamType, name: string, path = "/"): string {
  return `arn:${partition}:iam::${account}:${type}${path}${name}`;
}

/** Whether an ARN can be that of a managed policy: an account's, or one of AWS's own. */
export function isPolicyArn({ service, region, account, resource }: Arn): boolean {
  if (service !== "iam" || region !== "" || (account !== "aws" && !isAccountId(account))) return false;
  return /^policy\/(.+\/)?[^/]+$/.test(resource);
}

export type IamType =
  | "user"
  | "group"
  | "role"
  | "policy"
  | "instance-profile"
  | "mfa"
  | "oidc-provider"
  | "saml-provider"
  | "server-certificate";

export function rootArn(partition: string, account: string): string {
  return `arn:${partition}:iam::${account}:root`;
}

/** The ARN of a role session carries the role's name without its path. */
export function assumedRoleArn(partition: string, account: string, roleName: string, sessionName: string): string {
  return `arn:${partition}:sts::${account}:assumed-role/${roleName}/${sessionName}`;
}

export function federatedUserArn(partition: string, account: string, name: string): string {
  return `arn:${partition}:sts::${account}:federated-user/${name}`;
}
