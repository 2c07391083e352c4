import type { RolecallOperations } from "../../contracts/rolecall.ts";
import type { PreparationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import { validation } from "./faults.ts";
import { operatorRequirement, ownRequirement } from "./requirements.ts";

const pageSize = 50;
/** Records looked at for one answer; a narrow search goes on with NextToken. */
const scanLimit = 10_000;

interface ShownEvent {
  readonly eventID: string;
  readonly eventTime: string;
  readonly eventName: string;
  readonly errorCode?: string;
  readonly recipientAccountId: string;
  readonly userIdentity?: { readonly arn?: string; readonly sessionContext?: { sessionIssuer?: { arn?: string } } };
  readonly additionalEventData?: {
    readonly hats?: { readonly originArn?: string };
    readonly askedFor?: { readonly arn?: string; readonly originArn?: string };
  };
}

/**
 * The newest records of the trail. Without AccountId: those of the caller's own account; another account's, or `*` for
 * all, are the operator's to see.
 */
export const lookupEvents = operation("rolecall", "LookupEvents", {
  writes: false,
  prepare: search,
  load: async (_input, _context, found) => found,
  authorize: (input, _found, context) =>
    input.AccountId === undefined || input.AccountId === context.account
      ? ownRequirement(context, "LookupEvents", "trail")
      : operatorRequirement(context, "LookupEvents", `trail/${input.AccountId}`),
  handle(_input, found) {
    if (found === null) throw validation("NextToken is not valid, or too old.");
    return found;
  },
});

interface FoundEvents {
  readonly Events: readonly string[];
  readonly NextToken: string | undefined;
}

/** Null when the place that NextToken names is not there. Everything recorded so far is looked at. */
async function search(
  input: RolecallOperations["LookupEvents"]["input"],
  { account, environment }: PreparationContext,
): Promise<FoundEvents | null> {
  await environment.trail.flush();
  const wanted = input.AccountId ?? account;
  const limit = input.MaxResults ?? pageSize;
  const events: string[] = [];
  let scanned = 0;
  let resumed = input.NextToken === undefined;
  let last = "";
  for await (const text of environment.trail.newestFirst()) {
    if (!resumed) {
      resumed = text.includes(`"eventID":"${input.NextToken}"`);
      continue;
    }
    const event = JSON.parse(text) as ShownEvent;
    if (events.length === limit || ++scanned > scanLimit) return { Events: events, NextToken: last };
    last = event.eventID;
    if ((wanted === "*" || event.recipientAccountId === wanted) && matches(event, input)) events.push(text);
  }
  return resumed ? { Events: events, NextToken: undefined } : null;
}

interface Filter {
  readonly StartTime?: Date | undefined;
  readonly EndTime?: Date | undefined;
  readonly EventName?: string | undefined;
  readonly PrincipalArn?: string | undefined;
  readonly ErrorCode?: string | undefined;
}

function matches(event: ShownEvent, filter: Filter): boolean {
  const at = Date.parse(event.eventTime);
  if (filter.StartTime !== undefined && at < filter.StartTime.getTime()) return false;
  if (filter.EndTime !== undefined && at > filter.EndTime.getTime()) return false;
  if (filter.EventName !== undefined && event.eventName !== filter.EventName) return false;
  if (filter.ErrorCode !== undefined && event.errorCode !== filter.ErrorCode) return false;
  return filter.PrincipalArn === undefined || arnsOf(event).includes(filter.PrincipalArn);
}

/** The caller, the role it wore, and the person behind the hats: a search for any of them finds the record. */
function arnsOf(event: ShownEvent): readonly (string | undefined)[] {
  return [
    event.userIdentity?.arn,
    event.userIdentity?.sessionContext?.sessionIssuer?.arn,
    event.additionalEventData?.hats?.originArn,
    event.additionalEventData?.askedFor?.arn,
    event.additionalEventData?.askedFor?.originArn,
  ];
}
