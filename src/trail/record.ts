import type { Secrets } from "../contracts/secrets.ts";
import { isoSeconds } from "../clock/iso.ts";
import type { Ids } from "../clock/ids.ts";
import { comesAgain } from "../session/actor.ts";
import type { Actor } from "../session/actor.ts";
import { longestRecord, longestSidecar } from "./backward-lines.ts";
import { assertedParameters } from "./asserted-parameters.ts";
import { briefRecord } from "./brief-record.ts";
import { foreignIdentity, hatChain, isFromConsole, userIdentity } from "./identity.ts";
import { elementsText } from "./elements.ts";
import type { ElementsText } from "./elements.ts";
import type { CallFacts, RecordPlace, TrailRecord } from "./facts.ts";
import type { RecordedOperation } from "./recorded-operation.ts";
import { ofChange, ofNobody, ofOther } from "./limits.ts";
import type { RecordLimits } from "./limits.ts";
import { shorten } from "../text/shorten.ts";
import { membersBefore, quoted, quotedAfter } from "../wire/json-text.ts";
import type { PolicyDocuments } from "./policy-snapshots.ts";
import { sidecarText } from "./sidecar.ts";
import { claimedIdentity, isSignIn, signInDetails, signInResponse } from "./sign-in-record.ts";

/** What is longer could not be read again. Nothing that a client writes in good faith comes to it. */
function isTooLong(text: string, most: number): boolean {
  return text.length * bytesPerUnit > most && Buffer.byteLength(text) > most;
}
/** UTF-8 takes at most three bytes for a UTF-16 unit. */
const bytesPerUnit = 3;

/**
 * The records of one call: one, or several joined by sharedEventID when it acted on a resource of another account, or
 * was about other accounts. A denied cross-account call is recorded with the caller only, as on AWS. There is always
 * one: what cannot be recorded whole is recorded in brief.
 */
export function trailRecords(facts: CallFacts, ids: Pick<Ids, "uuid">): Records {
  return recordsBy(recordAt, facts, ids);
}

/** The same in brief, where the whole ones cannot be kept. @param why said in the records */
export function briefRecords(facts: CallFacts, ids: Pick<Ids, "uuid">, why: unknown): readonly TrailRecord[] {
  return recordsBy((seen, place) => briefRecord(seen, place, String(why)), facts, ids);
}

/** The caller's comes first. */
type Records = readonly [TrailRecord, ...TrailRecord[]];

type MakeRecord = (facts: CallFacts, place: RecordPlace) => TrailRecord;

function recordsBy(make: MakeRecord, facts: CallFacts, ids: Pick<Ids, "uuid">): Records {
  const account = facts.caller?.account ?? facts.aboutAccount ?? facts.fallbackAccount;
  const own = { eventId: facts.eventId, account, fromOutside: false };
  const foreign = actedIn(facts, account);
  if (foreign === undefined && facts.concerned.length === 0) return [make(facts, { ...own, shared: undefined })];
  const joined = foreign !== undefined || facts.concerned.some(({ apart }) => apart !== true);
  const shared = joined ? ids.uuid() : undefined;
  const outside = (other: string): RecordPlace => ({ eventId: ids.uuid(), account: other, shared, fromOutside: true });
  const records: [TrailRecord, ...TrailRecord[]] = [make(facts, { ...own, shared })];
  if (foreign !== undefined) records.push(make(facts, outside(foreign)));
  for (const { account: other, parameters, note } of facts.concerned) {
    const seen = { ...facts, input: parameters, additional: { ...facts.additional, ...note } };
    records.push(make(seen, outside(other)));
  }
  return records;
}

/** The account of a resource that is not the caller's own. */
function actedIn({ fault, caller, verdicts }: CallFacts, own: string): string | undefined {
  if (fault !== null || caller === null) return undefined;
  return verdicts.find(({ requirement }) => requirement.resourceAccount !== own)?.requirement.resourceAccount;
}

/** Whatever goes wrong with the record of a call, the call itself was carried out. */
function recordAt(facts: CallFacts, place: RecordPlace): TrailRecord {
  try {
    const made = record(facts, place);
    const tooLong = isTooLong(made.text, longestRecord) || isTooLong(made.private ?? "", longestSidecar);
    return tooLong ? briefRecord(facts, place, "the record would be too long") : made;
  } catch (error) {
    return briefRecord(facts, place, String(error));
  }
}

function record(facts: CallFacts, { eventId, account, shared, fromOutside }: RecordPlace): TrailRecord {
  const { fault, caller } = facts;
  const { eventType, readOnly, secrets } = facts.operation;
  const limits = limitsOf(facts);
  const request = requestOf(facts, secrets.input, limits);
  const additional = membersBefore(isSignIn(facts) ? signInDetails(facts) : facts.additional);
  const response = responseOf(facts, limits);
  const tooMuch = additional.length > limits.additional;
  const known = caller === null ? textsOfNobody : callerTexts(caller);
  const { event, details } = placeTexts(facts, limits);
  const text =
    `{"eventVersion":"1.11","userIdentity":${identity(facts, limits, account, fromOutside)},"eventTime":"${isoSeconds(facts.now)}"` +
    event +
    quotedAfter(',"sourceIPAddress":"', shorten(facts.sourceIp, limits.name)) +
    (facts.userAgent === undefined ? "" : quotedAfter(',"userAgent":"', shorten(facts.userAgent, limits.userAgent))) +
    (fault === null ? "" : faultMembers(fault, limits)) +
    `,"requestParameters":${request.text},"responseElements":${response.text}` +
    (request.omitted || response.omitted || tooMuch ? ',"omitted":true,' : ",") +
    '"additionalEventData":{' +
    (tooMuch ? "" : additional) +
    known.hats +
    details +
    `${facts.requestId}","eventID":"${eventId}","readOnly":${readOnly}${resources(facts)}` +
    `,"eventType":"${eventType}","managementEvent":true,"recipientAccountId":"${account}` +
    (shared === undefined
      ? '","eventCategory":"Management"'
      : `","sharedEventID":"${shared}","eventCategory":"Management"`) +
    known.console +
    (facts.secure ? `,"tlsDetails":${tlsDetails(facts.host, limits)}}` : "}");
  const sidecar = fromOutside ? null : sidecarText(facts, eventId);
  return {
    eventId,
    account,
    at: facts.now,
    text,
    private: sidecar?.text ?? null,
    policies: sidecar?.documents ?? noPolicies,
  };
}

const noPolicies: PolicyDocuments = new Map();
const nothing: ElementsText = { text: "null", omitted: false };

function requestOf({ caller, input }: CallFacts, secrets: Secrets, limits: RecordLimits): ElementsText {
  if (input === null) return nothing;
  const { text, omitted } = elementsText(input, secrets, limits.request);
  const asserted = assertedParameters(caller);
  if (asserted === "" || !text.endsWith("}")) return { text, omitted };
  if (text.length + asserted.length > limits.request) return { text, omitted: true };
  return { text: `${text.slice(0, -1)}${text === "{}" ? "" : ","}${asserted}}`, omitted };
}

function responseOf(facts: CallFacts, limits: RecordLimits): ElementsText {
  if (isSignIn(facts)) return { text: signInResponse(facts), omitted: false };
  const { answers, secrets } = facts.operation;
  const shown = answers ? facts.output : null;
  return shown === null ? nothing : elementsText(shown, secrets.output, limits.response);
}

function limitsOf({ caller, fault, operation }: CallFacts): RecordLimits {
  if (caller === null) return ofNobody;
  return fault === null && operation.answers ? ofChange : ofOther;
}

function faultMembers({ code, message }: NonNullable<CallFacts["fault"]>, limits: RecordLimits): string {
  return `,"errorCode":${quoted(shorten(code, limits.name))},"errorMessage":${quoted(shorten(message, limits.message))}`;
}

/** What every record of an operation in a region says alike. */
interface PlaceTexts {
  readonly region: string;
  /** `,"eventSource":…,"eventName":…,"awsRegion":…` */
  readonly event: string;
  /** The end of additionalEventData, and the beginning of requestID. */
  readonly details: string;
}

/** The latest of each operation: whatever regions clients name, there are no more than there are operations. */
const textsOfPlaces = new WeakMap<RecordedOperation, PlaceTexts>();
const longestRegion = 63;

function placeTexts({ operation, region: named }: CallFacts, limits: RecordLimits): PlaceTexts {
  const region = shorten(named, limits.name);
  const known = textsOfPlaces.get(operation);
  if (known !== undefined && known.region === region) return known;
  const { eventSource, eventName } = operation;
  const name = quoted(region);
  const texts = {
    region,
    event: `,"eventSource":"${eventSource}","eventName":${quoted(eventName)},"awsRegion":${name}`,
    details: `"RequestDetails":{"awsServingRegion":${name},"endpointType":"regional"}},"requestID":"`,
  };
  // A stranger's claim may be of any length.
  if (region.length <= longestRegion) textsOfPlaces.set(operation, texts);
  return texts;
}

/** What every record of a caller says alike, as JSON. */
interface CallerTexts {
  readonly identity: string;
  /** `"hats":{…},`, or nothing. */
  readonly hats: string;
  /** `,"sessionCredentialFromConsole":"true"`, or nothing. */
  readonly console: string;
}

const textsOfNobody = { hats: "", console: "" };

/** A caller is the same object as long as nothing about it changes (session/authenticator.ts). */
const textsOfCallers = new WeakMap<Actor, CallerTexts>();

function callerTexts(caller: Actor): CallerTexts {
  const known = textsOfCallers.get(caller);
  if (known !== undefined) return known;
  const chain = hatChain(caller.session);
  const texts = {
    identity: JSON.stringify(userIdentity(caller)),
    hats: chain === undefined ? "" : `"hats":${JSON.stringify(chain)},`,
    console: isFromConsole(caller) ? ',"sessionCredentialFromConsole":"true"' : "",
  };
  if (comesAgain(caller)) textsOfCallers.set(caller, texts);
  return texts;
}

function identity(facts: CallFacts, limits: RecordLimits, account: string, fromOutside: boolean): string {
  const { caller, claimedAccessKeyId: key } = facts;
  if (caller === null) {
    if (isSignIn(facts)) return JSON.stringify(claimedIdentity(facts, account));
    const accessKeyId = key === undefined ? undefined : shorten(key, limits.name);
    return JSON.stringify({ type: "Unknown", principalId: "", accountId: "", accessKeyId });
  }
  return fromOutside ? JSON.stringify(foreignIdentity(caller)) : callerTexts(caller).identity;
}

/** Whose resource is a role, as CloudTrail names it. */
const assumptions = new Set(["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]);

/** A SAML provider is one as well (IAM User Guide, cloudtrail-integration). */
function resources({ caller, verdicts, fault }: CallFacts): string {
  const role = fault === null ? verdicts.find(({ requirement }) => assumptions.has(requirement.action)) : undefined;
  if (role === undefined) return "";
  const { resource, resourceAccount } = role.requirement;
  const named = [{ type: "AWS::IAM::Role", arn: resource }];
  if (caller?.kind === "saml") named.push({ type: "AWS::IAM::SAMLProvider", arn: caller.principal.provider });
  const texts = named.map(
    ({ type, arn }) => `{"accountId":"${resourceAccount}","type":"${type}","ARN":${quoted(arn)}}`,
  );
  return `,"resources":[${texts.join()}]`;
}

function tlsDetails(host: string | undefined, limits: RecordLimits): string {
  return JSON.stringify({ clientProvidedHostHeader: host === undefined ? undefined : shorten(host, limits.name) });
}
