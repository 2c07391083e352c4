import { parseArn } from "../../../arn/arn.ts";
import type { GetHumanReadableSummaryResponse } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import { parse } from "../../../policy/index.ts";
import type { DelegationRequestRecord } from "../../../store/iam/delegation-requests.ts";
import { invalidInput } from "../entity/faults.ts";
import { existingRequest, findRequest, requirementOnRequest } from "./found-request.ts";
import type { FoundRequest } from "./found-request.ts";
import { lastingActions } from "./lasting.ts";
import { listed, permissionsInWords } from "./words.ts";

/** The longest content (API Reference, GetHumanReadableSummary). */
const longestContent = 10_000;

/**
 * IAM API, GetHumanReadableSummary. AWS has it written by a language model; here it follows from the policy, always the
 * same from the same one, and at once. It is in English.
 */
export const getHumanReadableSummary = operation("iam", "GetHumanReadableSummary", {
  writes: false,
  load: (input, context) => requestByArn(input.EntityArn, context),
  authorize: (_, found, context) => [requirementOnRequest("iam:GetHumanReadableSummary", found, context)],
  handle: ({ EntityArn: arn, Locale: locale = "en" }, found) => {
    // The text is ours: only the code is documented.
    if (found.id === "*") throw invalidInput(`${arn} is not the ARN of a delegation request.`);
    const record = existingRequest(found);
    return { Locale: locale, ...(isEnglish(locale) ? inEnglish(record) : notSupported) };
  },
});

type Summary = Omit<GetHumanReadableSummaryResponse, "Locale">;

const notSupported: Summary = { SummaryState: "NOT_SUPPORTED" };

/** Its parts are bounded: nothing is cut in practice, and nothing is cut in silence. */
function inEnglish(record: DelegationRequestRecord): Summary {
  const content = summaryOf(record);
  if (content.length > longestContent) return { SummaryState: "NOT_AVAILABLE" };
  return { SummaryContent: content, SummaryState: "AVAILABLE" };
}

/** What an ARN names; what is no request's ARN asks for all of them, until whoever calls is known to be allowed. */
function requestByArn(text: string, context: OperationContext): Promise<FoundRequest> | FoundRequest {
  const arn = parseArn(text);
  const id = /^delegation-request\/([\w-]{16,128})$/.exec(arn?.resource ?? "")?.[1];
  if (arn === null || arn.service !== "iam" || id === undefined) return { id: "*", record: null };
  const isOwn = arn.account === context.account && arn.partition === context.partition;
  return isOwn ? findRequest(id, context) : { id, record: null };
}

function isEnglish(locale: string): boolean {
  return /^en(?:[-_][a-z]{2})?$/i.test(locale);
}

function summaryOf(record: DelegationRequestRecord): string {
  const { boundaryArns, description, policy, requestMessage, requestorAccount, requestorName, sessionDuration } =
    record;
  const lasting = lastingActions(parse(policy));
  return [
    `${requestorName} (account ${requestorAccount}) asks for access to this account for ${durationInWords(sessionDuration)}, ` +
      "from when it is released. It can never do more with it than whoever accepts.",
    `What it says it is for: ${description}`,
    ...(requestMessage === null ? [] : [`Its message: ${requestMessage}`]),
    "",
    ...permissionsInWords(policy),
    ...(boundaryArns.length === 0
      ? []
      : ["", `Roles that it makes stay when the time is over. They are bounded by: ${boundaryArns.join(", ")}.`]),
    ...(lasting.length === 0
      ? []
      : ["", `What it may leave behind when the time is over: what comes of ${listed(lasting, "and")}.`]),
  ].join("\n");
}

function durationInWords(seconds: number): string {
  const parts = [
    { count: Math.floor(seconds / 3600), unit: "hour" },
    { count: Math.floor((seconds % 3600) / 60), unit: "minute" },
    { count: seconds % 60, unit: "second" },
  ].filter(({ count }) => count > 0);
  return parts.map(({ count, unit }) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" ");
}
