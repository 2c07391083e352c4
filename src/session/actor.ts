import type { ContextValue, Principal } from "../policy/types.ts";
import type { Session } from "./token.ts";

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** The user or role whose policies speak for an actor, as it stands at the moment of the request. */
export interface Entity {
  readonly kind: "user" | "role";
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly tags: readonly Tag[];
  readonly boundaryArn: string | null;
  readonly serviceLinked: boolean;
}

type Of<Type extends Principal["type"]> = Extract<Principal, { type: Type }>;

/** What decisions are made of, whoever it is. */
interface Judged {
  readonly principal: Exclude<Principal, { type: "Anonymous" }>;
  /** The account that it acts in: of whose it is, or of the provider or anchor that vouches for it. */
  readonly account: string;
  readonly partition: string;
  /** Whose policies speak for it; null for the account's root, its federated users, and all who come from outside. */
  readonly entity: Entity | null;
  /** The unsealed session token of temporary credentials. */
  readonly session: Session | null;
  /** Principal tags: the entity's, overlaid by the session's (session tags win, IAM User Guide id_session-tags). */
  readonly tags: readonly Tag[];
  /** When a second factor was shown with this very request, in milliseconds since the epoch. */
  readonly mfaAt?: number;
}

/** Signs with a long-term key. */
export interface KeyHolder extends Judged {
  readonly kind: "key";
  readonly principal: Of<"Root" | "User">;
  readonly accessKeyId: string;
  readonly session: null;
}

/** Signs with temporary credentials. */
export interface SessionHolder extends Judged {
  readonly kind: "session";
  readonly principal: Of<"Root" | "User" | "RoleSession" | "FederatedUser">;
  readonly accessKeyId: string;
  readonly session: Session;
}

/** Signs, with whichever. */
export type Signer = KeyHolder | SessionHolder;

/** Shows the console's cookie instead of a signature: it is whom the session behind the cookie is of. */
export interface ConsoleBearer extends Judged {
  readonly kind: "console";
  readonly principal: Of<"Root" | "User" | "RoleSession" | "FederatedUser">;
  readonly session: Session;
}

/** Has shown a user's password, and gets a session for it. */
export interface PasswordHolder extends Judged {
  readonly kind: "password";
  readonly principal: Of<"User">;
  readonly entity: Entity;
  readonly session: null;
  /** When the password that was shown was set, in milliseconds since the epoch: another one is another proof. */
  readonly passwordSetAt: number;
}

/** Comes from outside: nothing of this server speaks for it but the trust policies that name what vouches for it. */
interface Outsider extends Judged {
  readonly entity: null;
  readonly session: null;
  /** Condition keys that its proof gives (`saml:sub`, `ISSUER:aud`, `aws:SourceArn` …), by name in any case. */
  readonly claims: Readonly<Record<string, ContextValue>>;
}

/** What a proof from outside says of the session that is begun with it. */
export interface Asserted {
  readonly tags: Session["tags"];
  readonly sourceIdentity: string | undefined;
  /** The longest that the session may last, in seconds; undefined where the proof sets no limit. */
  readonly longest: number | undefined;
  /** Condition keys that hold as long as the session; all others are there only while trust is evaluated. */
  readonly lasting: Session["context"];
}

/** Brings a verified token of an OpenID Connect provider. */
export interface WebIdentity extends Outsider {
  readonly kind: "webIdentity";
  /** `provider`: the provider's ARN, or the name of one that is built in. */
  readonly principal: Of<"WebIdentity">;
  readonly subject: string;
  readonly audience: string;
  /** Whether the provider itself has said that the role may be assumed. */
  readonly authorizedByProvider: boolean;
  /** By what the provider's certificate was found good; undefined where its keys did not come by a connection. */
  readonly connectionVerification: string | undefined;
  readonly asserted: Asserted;
}

/** Brings a verified SAML assertion. */
export interface SamlSubject extends Outsider {
  readonly kind: "saml";
  /** `provider`: the provider's ARN. */
  readonly principal: Of<"SAML">;
  readonly subject: string;
  /** A hash of issuer, account and provider: tells apart subjects of the same name (STS API, AssumeRoleWithSAML). */
  readonly nameQualifier: string;
  /** Of the subject's name: `persistent`, `transient`, or another one whole. */
  readonly subjectType: string;
  readonly issuer: string;
  /** Where the assertion was sent. */
  readonly audience: string;
  /** Names the session: no parameter of the call does. */
  readonly sessionName: string;
  /** Which one it was, whose, and when it cannot be used any more, in milliseconds since the epoch. */
  readonly assertion: { readonly id: string; readonly providerId: string; readonly usableUntil: number };
  readonly asserted: Asserted;
}

/** Whom a provider of the account vouches for. */
export type FederatedSubject = WebIdentity | SamlSubject;

/** Signs with the key of a certificate; Roles Anywhere then acts for it, and is whom trust policies name. */
interface CertificateHolder extends Outsider {
  readonly kind: "certificate";
  readonly principal: Of<"Service">;
  /** ARN of the trust anchor that vouches for it. */
  readonly anchor: string;
  /** Distinguished name. */
  readonly subject: string;
  readonly serialNumber: string;
}

/** A service of ours that acts for the account, as one of AWS's would (`ec2.amazonaws.com`). */
interface ServiceActor extends Outsider {
  readonly kind: "service";
  readonly principal: Of<"Service">;
}

/**
 * Who makes a request, once that is proven: a closed union by the kind of proof. Whatever depends on the kind switches
 * over all of it, so that a further one does not compile until everything says what it does with it.
 */
export type Actor =
  | Signer
  | ConsoleBearer
  | PasswordHolder
  | WebIdentity
  | SamlSubject
  | CertificateHolder
  | ServiceActor;

/**
 * Who is charged for what an actor does: the entity, not the session. Whoever may assume a role could get a fresh budget
 * with every session, and whoever runs a provider with every subject.
 */
export function payerOf(actor: Actor): string {
  switch (actor.kind) {
    case "key":
    case "session":
    case "console":
    case "password":
      return actor.entity?.id ?? actor.account;
    case "webIdentity":
    case "saml":
      return `${actor.account} ${actor.principal.provider}`;
    case "certificate":
      return actor.anchor;
    case "service":
      return `${actor.account} ${actor.principal.service}`;
  }
}

/** When a second factor was shown, with the request or before its session began; undefined where none was. */
export function mfaTimeOf({ mfaAt, session }: Pick<Actor, "mfaAt" | "session">): number | undefined {
  return mfaAt ?? session?.mfaAt;
}

/**
 * Whether it is the same object at its next request, as long as nothing about it changes: whoever comes from outside is
 * proven anew each time, and what was made of it is of no further use.
 */
export function comesAgain({ kind }: Actor): boolean {
  return kind === "key" || kind === "session";
}

/** The access key that signed; undefined where none did. */
export function accessKeyOf(actor: Actor): string | undefined {
  return "accessKeyId" in actor ? actor.accessKeyId : undefined;
}

/** Whether session policies limit what it may do: delegated credentials always have one. */
export function isLimited({ session }: Pick<Actor, "session">): boolean {
  return session !== null && (session.policy !== undefined || session.policyArns.length > 0);
}

/** Context keys that hold as long as the session, or that an outsider's proof gives; by name in any case. */
export function contextOf(actor: Actor): Readonly<Record<string, ContextValue>> {
  switch (actor.kind) {
    case "key":
    case "password":
      return nothing;
    case "session":
    case "console":
      return actor.session.context;
    case "webIdentity":
    case "saml":
    case "certificate":
    case "service":
      return actor.claims;
  }
}

/** The condition key that names what vouches for somebody with a token, or for the beginning of his session. */
export const federatedProviderKey = "aws:FederatedProvider";

const nothing = {};
