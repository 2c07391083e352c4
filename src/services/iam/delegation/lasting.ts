/**
 * What can be left behind with a permission: whoever accepts a request for an hour should know that a key made in that hour
 * stays.
 */
import type { PolicyDocument } from "../../../policy/index.ts";
import { reaches } from "./role-boundaries.ts";

/** Actions that make credentials, give permissions or open a role, as they are called; a role's boundary is told apart. */
const lasting = [
  "iam:AddUserToGroup",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:AttachUserPolicy",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:CreatePolicyVersion",
  "iam:CreateServiceSpecificCredential",
  "iam:CreateUser",
  "iam:PassRole",
  "iam:PutGroupPolicy",
  "iam:PutRolePolicy",
  "iam:PutUserPolicy",
  "iam:SetDefaultPolicyVersion",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateLoginProfile",
  "iam:UploadSSHPublicKey",
  "iam:UploadSigningCertificate",
] as const;

/** Those that a policy allows on something. */
export function lastingActions({ statements }: PolicyDocument): readonly string[] {
  return lasting.filter((action) => statements.some((one) => one.effect === "Allow" && reaches(one, action)));
}
