/**
 * What a person can do about a context key. Some are chosen with the request; some follow from who asks, and are changed
 * by asking as somebody else; some nobody can choose. A row a key; for the others their source decides.
 */
import { knownContextKey } from "../context-key.ts";
import type { ContextKey, ContextSource } from "../context-key.ts";
import type { ContextValue } from "../types.ts";
import { valueWords } from "./words.ts";

/** A value that a key would have to have. */
export interface Proposal {
  /** In the key's usual spelling. */
  readonly key: string;
  /** Null: no value at all. */
  readonly value: ContextValue | null;
  readonly seen: ContextValue | null;
  /** `like`: any that fits the value, which is a pattern; `other`: any but those that the policy names. */
  readonly how: "equal" | "like" | "other";
  /** The action that is asked for, in any spelling. */
  readonly action: string;
}

/** The advice in words; null where there is none that can be followed. */
type Advice = (proposal: Proposal) => string | null;

const none: Advice = () => null;

/** The value of a date or a number, in milliseconds where it is a date, to tell which of two is later or larger. */
function measured(value: ContextValue | null): number {
  if (typeof value !== "string") return Number.NaN;
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : Date.parse(value);
}

function isMore({ value, seen }: Proposal): boolean {
  return measured(value) > measured(seen);
}

const now = ({ seen }: Proposal): string => (seen === null ? "it has none now" : `it is ${valueWords(seen)} now`);

const tagOf = ({ key }: Proposal): string => key.slice(key.indexOf("/") + 1);

/** As the value stands in a sentence: itself, a pattern that it has to fit, or anything else than the policy's. */
function wanted({ key, value, seen, how }: Proposal): string {
  const text = valueWords(value);
  if (how === "like") return `a ${key} that fits ${text}`;
  if (how === "equal") return `${key} = ${text}`;
  return seen === null ? `${key}, such as ${text}` : `another ${key}, such as ${text}`;
}

function plain(proposal: Proposal, option: string | null): string {
  const { key, value } = proposal;
  if (value === null) return `make the request without ${key}; ${now(proposal)}`;
  return `make the request with ${wanted(proposal)}${option === null ? "" : ` (${option})`}; ${now(proposal)}`;
}

/** A parameter of IAM's or STS's operations, which the aws CLI has an option for. */
const given =
  (option: string): Advice =>
  (proposal) => {
    const { value, how } = proposal;
    const values = (typeof value === "string" ? [value] : (value ?? [])).map(quoted).join(" ");
    return plain(proposal, value === null || how !== "equal" ? null : `${option} ${values}`);
  };

const givenTag: Advice = (proposal) => {
  const { value, how, action } = proposal;
  const isOption = /^(?:iam|sts):/i.test(action) && typeof value === "string" && how === "equal";
  return plain(proposal, isOption ? `--tags Key=${quoted(tagOf(proposal))},Value=${quoted(value)}` : null);
};

/** For a shell, where it needs that. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const asAnother: Advice = () => "make the request as another principal";

const asTagged: Advice = (proposal) => {
  const { value, how } = proposal;
  if (value === null) return `make the request as a principal without the tag ${tagOf(proposal)}; ${now(proposal)}`;
  const tag = { equal: ` = ${valueWords(value)}`, like: ` like ${valueWords(value)}`, other: " of another value" }[how];
  return `make the request as a principal with the tag ${tagOf(proposal)}${tag}; ${now(proposal)}`;
};

/** Time goes one way: what is past cannot be waited for. */
const atAnotherTime: Advice = (proposal) => {
  const { key, value, seen } = proposal;
  if (value === null) return null;
  if (seen === null) return `say when the request is made: it has no ${key}`;
  return isMore(proposal) ? `make the request later, at ${valueWords(value)}; ${now(proposal)}` : null;
};

const withNewerSession: Advice = (proposal) => {
  const { value, seen } = proposal;
  if (value === null) return "make the request with a long-term key, not with a session";
  if (seen === null) return "make the request with a session, not with a long-term key";
  return isMore(proposal) ? `make the request with a newer session; this one began at ${valueWords(seen)}` : null;
};

const withMfa: Advice = ({ value }) =>
  value === "true"
    ? "make the request with a session that was begun with MFA"
    : "make the request with credentials that were not given by MFA";

const withNewerMfa: Advice = (proposal) => {
  const { value, seen } = proposal;
  if (value === null) return withMfa(proposal);
  if (seen === null) return withMfa({ ...proposal, value: "true" });
  return isMore(proposal)
    ? null
    : `make the request with a session whose MFA is newer; it is ${valueWords(seen)} seconds old`;
};

const withSourceIdentity: Advice = (proposal) => {
  const { value, how } = proposal;
  if (value === null) return "make the request with a session without a source identity";
  const option = how === "equal" && typeof value === "string" ? ` (--source-identity ${quoted(value)})` : "";
  return `make the request with a session that has ${wanted(proposal)}${option}; ${now(proposal)}`;
};

/** Every request has one. */
const always: Advice = (proposal) => (proposal.value === null ? null : plain(proposal, null));

const overTls: Advice = ({ value }) =>
  value === null ? null : value === "true" ? "make the request over TLS" : "make the request without TLS";

const onTagged: Advice = (proposal) => {
  const { value, how } = proposal;
  const tag = tagOf(proposal);
  if (value === null) return `take the tag ${tag} from the resource; ${now(proposal)}`;
  if (how === "other") return `give the resource's tag ${tag} another value; ${now(proposal)}`;
  return `give the resource the tag ${tag} ${how === "like" ? "like" : "="} ${valueWords(value)}; ${now(proposal)}`;
};

const bySource: Readonly<Record<ContextSource, Advice>> = {
  principal: asAnother,
  session: asAnother,
  proof: asAnother,
  request: (proposal) => plain(proposal, null),
  resource: () => "make the request for another resource",
  operation: (proposal) => plain(proposal, null),
};

const byKey: Readonly<Partial<Record<ContextKey, Advice>>> = {
  // A service that calls by itself is no principal that anybody can be.
  "aws:PrincipalIsAWSService": none,
  "aws:PrincipalServiceName": none,
  "aws:ViaAWSService": none,
  "aws:PrincipalTag/${TagKey}": asTagged,
  "aws:TokenIssueTime": withNewerSession,
  "aws:MultiFactorAuthPresent": withMfa,
  "aws:MultiFactorAuthAge": withNewerMfa,
  "aws:SourceIdentity": withSourceIdentity,
  "aws:CurrentTime": atAnotherTime,
  "aws:EpochTime": atAnotherTime,
  "aws:SourceIp": always,
  "aws:RequestedRegion": always,
  "aws:SecureTransport": overTls,
  "aws:RequestTag/${TagKey}": givenTag,
  "aws:ResourceTag/${TagKey}": onTagged,
  "iam:ResourceTag/${TagKey}": onTagged,
  "iam:PermissionsBoundary": given("--permissions-boundary"),
  "iam:PolicyARN": given("--policy-arn"),
  "sts:ExternalId": given("--external-id"),
  "sts:RoleSessionName": given("--role-session-name"),
  "sts:SourceIdentity": given("--source-identity"),
  "sts:TransitiveTagKeys": given("--transitive-tag-keys"),
};

/** Keys of services that call on somebody's behalf, which are AWS's alone (reference_policies_condition-keys). */
const ofServices = /^aws:(?:calledvia(?:first|last)?|principalservicenameslist)$/;

/** What to do so that the key has the value; null where nobody can do it. */
export function adviceOf(proposal: Proposal): string | null {
  const folded = proposal.key.toLowerCase();
  if (ofServices.test(folded)) return null;
  const known = knownContextKey(folded);
  if (known === undefined) return plain(proposal, null);
  return (byKey[known.name] ?? bySource[known.source])(proposal);
}

/** A key as AWS writes it; one that is not in the table, and a tag's own key, as the policy does. */
export function usualSpelling(written: string): string {
  const known = knownContextKey(written.toLowerCase());
  return known === undefined ? written : known.name.replace("${TagKey}", written.slice(written.indexOf("/") + 1));
}
