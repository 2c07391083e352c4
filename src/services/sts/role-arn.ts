import { isAccountId, parseArn } from "../../arn/arn.ts";
import type { Arn } from "../../arn/arn.ts";
import { validationError } from "./faults.ts";

/** Null where it is no role's. */
export function readRoleArn(text: string): Arn | null {
  const arn = parseArn(text);
  if (arn === null || arn.service !== "iam" || !arn.resource.startsWith("role/")) return null;
  return isAccountId(arn.account) ? arn : null;
}

/** @throws Fault ValidationError */
export function requireRoleArn(text: string): Arn {
  const arn = readRoleArn(text);
  if (arn === null) throw validationError(`${text} is invalid`);
  return arn;
}
