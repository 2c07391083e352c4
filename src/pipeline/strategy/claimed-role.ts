import { parseArn } from "../../arn/arn.ts";

/** The account of the role that is to be assumed, as far as it can be read. */
export function accountOfRole({ RoleArn: arn }: { readonly RoleArn?: unknown }): string | undefined {
  return typeof arn === "string" ? parseArn(arn)?.account : undefined;
}
