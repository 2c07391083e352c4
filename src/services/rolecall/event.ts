import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { SearchContext } from "../../operation/context.ts";
import { searchOperation } from "../../operation/operation.ts";
import type { Place } from "../../trail/source.ts";
import { pageTokens } from "./page-token.ts";
import { trailRequirement, VisibleAccounts } from "./trail-access.ts";

type Input = RolecallOperations["LookupEvents"]["input"];
type Output = RolecallOperations["LookupEvents"]["output"];

const action = "LookupEvents";
const pageSize = 50;

/**
 * What one call does at most; a narrow search goes on with NextToken. Some fifty milliseconds of a processor, where
 * every record has to be read as JSON.
 */
const most = {
  records: 10_000,
  /** Bytes that are read. */
  read: 8_388_608,
  /** Bytes of the records that are found: beyond them no further one is looked for. */
  found: 1_048_576,
} as const;

interface ShownEvent {
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
 * all, are the operator's to see. Among all accounts, those whose own records the caller may not see are left out.
 */
export const lookupEvents = searchOperation("rolecall", action, {
  authorize: (input, context) => trailRequirement(context, action, input.AccountId ?? context.account),
  search,
  handle: (_input, found) => found,
});

/** A search looks at everything that was recorded before it began. */
async function search(input: Input, context: SearchContext): Promise<Output> {
  const { trail, environment, account } = context;
  const tokens = pageTokens<Place>(environment.tokens, `${action} ${account}`);
  const from = input.NextToken === undefined ? null : tokens.read(input.NextToken);
  // What goes on with a token is about records that are written.
  if (from === null) await trail.flush();
  const page = new Page(input, context);
  const scan = await trail.scan(from, { left: most.read });
  try {
    while (page.hasRoom) {
      const record = await scan.next();
      if (record === null) break;
      if (page.isBefore(record.day)) return page.output(undefined);
      await page.look(record.bytes, record.whole);
    }
    return page.output(scan.place === null ? undefined : tokens.write(scan.place));
  } finally {
    await scan.close();
  }
}

/** What one call finds. */
class Page {
  readonly #input: Input;
  readonly #wanted: string;
  /** Records of other accounts are not even read as JSON. */
  readonly #mark: Buffer | null;
  readonly #visible: VisibleAccounts;
  readonly #limit: number;
  readonly #events: string[] = [];
  #looked = 0;
  #bytes = 0;
  #tooLong = 0;

  constructor(input: Input, context: SearchContext) {
    this.#input = input;
    this.#wanted = input.AccountId ?? context.account;
    this.#mark = this.#wanted === "*" ? null : Buffer.from(`${ownerMark}${this.#wanted}"`);
    this.#visible = new VisibleAccounts(context, action);
    this.#limit = input.MaxResults ?? pageSize;
  }

  get hasRoom(): boolean {
    return this.#events.length < this.#limit && this.#looked < most.records && this.#bytes < most.found;
  }

  /** Whether all records of a day's files were made before what is looked for: they are written after they are made. */
  isBefore(day: string): boolean {
    const { StartTime: start } = this.#input;
    return start !== undefined && day !== "" && day < start.toISOString().slice(0, day.length);
  }

  async look(bytes: Buffer, whole: boolean): Promise<void> {
    this.#looked++;
    if (this.#mark !== null && !bytes.includes(this.#mark)) return;
    if (!whole) {
      const owner = ownerIn(bytes);
      if (owner !== undefined && (await this.#isVisible(owner))) this.#tooLong++;
      return;
    }
    const text = bytes.toString("utf8");
    const event = JSON.parse(text) as ShownEvent;
    if (!matches(event, this.#input) || !(await this.#isVisible(event.recipientAccountId))) return;
    this.#events.push(text);
    this.#bytes += bytes.length;
  }

  output(nextToken: string | undefined): Output {
    return {
      Events: this.#events,
      ...(this.#tooLong === 0 ? {} : { TooLong: this.#tooLong }),
      NextToken: nextToken,
    };
  }

  /** What was asked for by its id is allowed already. */
  async #isVisible(account: string): Promise<boolean> {
    return this.#wanted === "*" ? this.#visible.includes(account) : account === this.#wanted;
  }
}

/** The account of a record of which only the end is there: the member stands behind all that came from outside. */
function ownerIn(end: Buffer): string | undefined {
  const at = end.lastIndexOf(ownerMark);
  return at < 0 ? undefined : end.toString("latin1", at + ownerMark.length, at + ownerMark.length + 12);
}

const ownerMark = '"recipientAccountId":"';

function matches(event: ShownEvent, filter: Input): boolean {
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
