import { parseArn } from "../../../arn/arn.ts";
import type { Fault } from "../../../contracts/fault.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import type { Registry } from "../../../operation/operation.ts";
import { iamFault, invalidInput } from "../entity/faults.ts";

/**
 * Role templates are AWS's: nobody can make one, and what is in those that there are is published nowhere. So there is none
 * here, which whoever may ask is told. Nothing is made up in their place.
 */
export const roleTemplateOperations = {
  GetRoleTemplateVersion: operation("iam", "GetRoleTemplateVersion", {
    writes: false,
    authorize: ({ TemplateArn: arn }, _, context) => [requirementOnTemplate(arn, `role-template ${arn}`, context)],
    handle: ({ TemplateArn: arn }) => {
      throw noSuchTemplate(arn);
    },
  }),

  AcquireRole: operation("iam", "AcquireRole", {
    writes: false,
    // There is no action of its name: it needs what it does, first of all to read the template (observed on AWS, September
    // 2026, radkawar/stackd captures). What it would make is never known, so nothing more can be asked.
    authorize: ({ TemplateArn: arn }, _, context) => [requirementOnTemplate(arn, `role template ${arn}`, context)],
    handle: ({ TemplateArn: arn }) => {
      throw noSuchTemplate(arn);
    },
  }),
} satisfies Partial<Registry<"iam">>;

/** @param shownAs AWS names it in two ways (the same captures) */
function requirementOnTemplate(arn: string, shownAs: string, { account }: OperationContext): Requirement {
  return {
    action: "iam:GetRoleTemplateVersion",
    resource: parseArn(arn) === null ? "*" : arn,
    resourceAccount: account,
    shownAs,
  };
}

/** `arn:aws:iam::aws:role-template/SERVICE/NAME:MAJOR` (the same captures); the texts are ours. */
function noSuchTemplate(text: string): Fault {
  const arn = parseArn(text);
  const isTemplate =
    arn?.service === "iam" && arn.account === "aws" && /^role-template\/[^/]+\/[^/:]+:\d+$/.test(arn.resource);
  if (!isTemplate) return invalidInput(`${text} is not the ARN of a role template.`);
  return iamFault("NoSuchEntity", `The role template ${text} cannot be found.`);
}
