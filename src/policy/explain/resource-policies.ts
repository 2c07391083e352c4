/** Which services have policies on their resources: what has none cannot be told to allow anybody. */

/**
 * Services whose resources have no policy of their own (IAM User Guide, "AWS services that work with IAM", the column of
 * resource-based policies), and rolecall's. IAM has one kind, a role's trust policy, which is a layer by itself. Of a
 * service that is not listed nothing is known: it may be one of yours.
 */
const without: ReadonlySet<string> = new Set([
  "autoscaling",
  "batch",
  "cloudwatch",
  "cognito-identity",
  "cognito-idp",
  "codedeploy",
  "ec2",
  "ecs",
  "eks",
  "elasticache",
  "elasticbeanstalk",
  "elasticloadbalancing",
  "guardduty",
  "iam",
  "iam-toolbox",
  "lightsail",
  "rds",
  "rolecall",
  "sso",
  "sts",
]);

/** @param action `s3:GetObject`, in any spelling */
export function mayHaveResourcePolicies(action: string): boolean {
  return !without.has(action.slice(0, action.indexOf(":")).toLowerCase());
}
