import { shorten } from "../text/shorten.ts";
import { visible } from "../text/visible.ts";
import type { Terminal } from "../launch/terminal.ts";

/** Characters that a line shows of a fault's message, of any other text of a record, and of what a call was about. */
const longestMessage = 1024;
const longestText = 256;
const longestTarget = 512;

/** What is shown of a record of the trail. */
export interface TrailEvent {
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly userAgent?: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestID?: string;
  readonly recipientAccountId: string;
  readonly userIdentity: {
    readonly type: string;
    readonly arn?: string;
    readonly principalId?: string;
    readonly accountId?: string;
    readonly accessKeyId?: string;
    /** Of whom a provider vouches for, and the provider. */
    readonly userName?: string;
    readonly identityProvider?: string;
    readonly sessionContext?: { readonly sourceIdentity?: string };
  };
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly resources?: readonly { readonly ARN: string }[];
  readonly additionalEventData?: {
    readonly hats?: { readonly originArn?: string };
    readonly askedFor?: { readonly arn?: string; readonly originArn?: string };
    readonly verified?: boolean;
    readonly allowed?: boolean;
    readonly fault?: string;
    /** What was looked at of a proof from outside that was refused. */
    readonly checks?: readonly unknown[];
    /** Who was at the machine, where nobody signed. */
    readonly login?: string;
  };
}

/** A record of the trail, safe to show: what callers wrote neither steers the terminal nor fills it. */
export function parseEvent(text: string): TrailEvent {
  return JSON.parse(text, (name, value: unknown) =>
    typeof value === "string" ? shown(value, name === "errorMessage" ? longestMessage : longestText) : value,
  ) as TrailEvent;
}

/** Cut once more behind what makes it visible, which makes it longer. */
function shown(text: string, most: number): string {
  return shorten(visible(shorten(text, most)), most);
}

/**
 * One record on one line: when, who (and the person behind the hat), what, on what, how it ended. A denial has its
 * request's id, which `explain --request` asks for.
 */
export function eventLine(event: TrailEvent, color: Terminal["color"]): string {
  const service = event.eventSource.replace(/\.amazonaws\.com$/, "");
  const target = targetOf(event);
  const parts = [
    color.dim(event.eventTime.replace("T", " ").replace("Z", "")),
    who(event, color),
    color.bold(`${service}:${event.eventName}`),
    ...(target === null ? [] : [shorten(target, longestTarget)]),
    outcome(event, color),
    ...(isDenial(event) && event.requestID !== undefined ? [color.dim(`request ${event.requestID}`)] : []),
  ];
  return parts.join("  ");
}

function who({ userIdentity, additionalEventData: additional }: TrailEvent, color: Terminal["color"]): string {
  if (additional?.login !== undefined) return `${additional.login} (at the machine, no server running)`;
  const caller =
    userIdentity.arn === undefined
      ? (fromOutside(userIdentity) ??
        `${userIdentity.accountId || "nobody known"}${userIdentity.accessKeyId === undefined ? "" : ` (${userIdentity.accessKeyId})`}`)
      : shortArn(userIdentity.arn);
  const origin = additional?.hats?.originArn;
  const claimed = userIdentity.sessionContext?.sourceIdentity;
  const behind =
    origin === undefined ? "" : color.cyan(` (${shortArn(origin)}${claimed === undefined ? "" : `, as ${claimed}`})`);
  return `${caller}${behind}`;
}

/** Whom a provider of the account vouches for. */
function fromOutside({ userName, identityProvider }: TrailEvent["userIdentity"]): string | null {
  if (userName === undefined || identityProvider === undefined) return null;
  return `${userName} (${shortArn(identityProvider)})`;
}

/** Parameters that say what a call was about, the most telling first. */
const telling = [
  "roleArn",
  "roleName",
  "userName",
  "groupName",
  "policyArn",
  "policyName",
  "instanceProfileName",
  "accountId",
  "name",
];

function targetOf({
  requestParameters: parameters,
  additionalEventData: additional,
  eventName,
}: TrailEvent): string | null {
  if (parameters === null) return null;
  const asked = additional?.askedFor;
  if (eventName === "Authenticate") {
    return `${asked?.arn === undefined ? "somebody" : shortArn(asked.arn)} → ${String(parameters["service"])}`;
  }
  if (eventName === "Authorize") {
    const person = asked?.originArn === undefined ? "" : ` (${shortArn(asked.originArn)})`;
    const caller = asked?.arn === undefined ? "somebody" : `${shortArn(asked.arn)}${person}`;
    return `${caller} → ${String(parameters["action"])} ${listed(parameters["resources"])}`;
  }
  const found = telling.filter((name) => typeof parameters[name] === "string").slice(0, 2);
  return found.length === 0 ? null : found.map((name) => shortArn(String(parameters[name]))).join(" ");
}

function isDenial({ errorCode, additionalEventData: additional }: TrailEvent): boolean {
  const refused = errorCode === "AccessDenied" || (errorCode !== undefined && additional?.checks !== undefined);
  return refused || (errorCode === undefined && additional?.allowed === false);
}

function outcome(
  { errorCode, errorMessage, additionalEventData: additional }: TrailEvent,
  color: Terminal["color"],
): string {
  if (errorCode !== undefined) return color.red(`${errorCode}${errorMessage === undefined ? "" : `: ${errorMessage}`}`);
  if (additional?.verified === false) return color.red(`refused: ${additional.fault ?? "not verified"}`);
  if (additional?.allowed === false) return color.red("refused");
  return color.green("ok");
}

/** `111122223333 user/Bob`: what tells in an ARN. */
function shortArn(arn: string): string {
  const parts = arn.split(":");
  return parts.length < 6 ? arn : [parts[4], parts.slice(5).join(":")].filter((part) => part !== "").join(" ");
}

function listed(value: unknown): string {
  return Array.isArray(value) ? value.join(" ") : "";
}
