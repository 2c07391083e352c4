/**
 * The context keys that rolecall knows, one row each: what a key holds, where its value comes from, and who may set it.
 * What is derived for a decision (authorization/context-keys.ts), what a service outside may not say
 * (services/rolecall/given-context.ts), what `validate` knows of them and docs/context-keys.md follow from the table.
 * Types and counts are those of the IAM User Guide (reference_policies_condition-keys) and of the Service Authorization
 * Reference for IAM and STS; a test compares them.
 */
import { foldName } from "./name.ts";

/** Types of condition keys as the Service Authorization Reference names them. */
export type ConditionKeyType = "String" | "ARN" | "Bool" | "Numeric" | "Date" | "IPAddress" | "Binary";

/** Where the value of a key comes from. Each key has one source: what is known otherwise lies over no other. */
export type ContextSource = "principal" | "session" | "proof" | "request" | "resource" | "operation";

interface ContextKeyFacts {
  readonly type: ConditionKeyType;
  /** A key that is single-valued on AWS would match nothing as a list, and the other way round. */
  readonly values: "one" | "many";
  readonly source: ContextSource;
  /**
   * `rolecall`: from what was signed, sealed or stored, or from the operation's input. `owner`: whoever owns the resource;
   * in rolecall:Authorize it has a member of its own. `service`: a service outside, which saw its client's connection
   * and the tags in its request.
   */
  readonly setBy: "rolecall" | "owner" | "service" | "rolecall or service";
}

/**
 * Namespaces of which a service outside may say only what the table leaves to it, keys without a row included: what is
 * absent means something too, such as a session without MFA.
 */
export const ownNamespaces = ["aws", "iam", "sts", "saml", "rolecall"] as const;

/** `${TagKey}` stands for any text but none. */
export const contextKeys = {
  "aws:PrincipalArn": { type: "ARN", values: "one", source: "principal", setBy: "rolecall" },
  "aws:PrincipalAccount": { type: "String", values: "one", source: "principal", setBy: "rolecall" },
  "aws:PrincipalType": { type: "String", values: "one", source: "principal", setBy: "rolecall" },
  "aws:PrincipalIsAWSService": { type: "Bool", values: "one", source: "principal", setBy: "rolecall" },
  "aws:PrincipalServiceName": { type: "String", values: "one", source: "principal", setBy: "rolecall" },
  "aws:userid": { type: "String", values: "one", source: "principal", setBy: "rolecall" },
  "aws:username": { type: "String", values: "one", source: "principal", setBy: "rolecall" },
  "aws:PrincipalTag/${TagKey}": { type: "String", values: "one", source: "principal", setBy: "rolecall" },
  "aws:PrincipalOrgID": { type: "String", values: "one", source: "principal", setBy: "rolecall" },
  "aws:PrincipalOrgPaths": { type: "String", values: "many", source: "principal", setBy: "rolecall" },
  "aws:ViaAWSService": { type: "Bool", values: "one", source: "principal", setBy: "rolecall" },

  "aws:TokenIssueTime": { type: "Date", values: "one", source: "session", setBy: "rolecall" },
  "aws:MultiFactorAuthPresent": { type: "Bool", values: "one", source: "session", setBy: "rolecall" },
  "aws:MultiFactorAuthAge": { type: "Numeric", values: "one", source: "session", setBy: "rolecall" },
  "aws:AssumedRoot": { type: "Bool", values: "one", source: "session", setBy: "rolecall" },
  "aws:SourceIdentity": { type: "String", values: "one", source: "session", setBy: "rolecall" },

  /** Of delegated credentials (sts:GetDelegatedAccessToken): the account that got them. AWS has no key for it. */
  "rolecall:DelegateAccount": { type: "String", values: "one", source: "session", setBy: "rolecall" },
  /** Id of the request that was accepted. */
  "rolecall:DelegationRequestId": { type: "String", values: "one", source: "session", setBy: "rolecall" },

  // What vouches for somebody with a token, or for the beginning of his session: a provider's ARN, or its name.
  "aws:FederatedProvider": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  // Of a SAML assertion. The first six are always there, the others where the identity provider sends what gives them
  // (federation/saml/attribute-keys.ts); nothing that the IAM User Guide lists gives saml:primaryGroupSID.
  "saml:aud": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:iss": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:sub": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:sub_type": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:doc": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:namequalifier": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:cn": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:commonName": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:eduorghomepageuri": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:eduorgidentityauthnpolicyuri": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:eduorglegalname": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:eduorgsuperioruri": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:eduorgwhitepagesuri": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:edupersonaffiliation": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:edupersonassurance": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:edupersonentitlement": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:edupersonnickname": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:edupersonorgdn": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:edupersonorgunitdn": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:edupersonprimaryaffiliation": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:edupersonprimaryorgunitdn": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:edupersonprincipalname": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:edupersonscopedaffiliation": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:edupersontargetedid": { type: "String", values: "many", source: "proof", setBy: "rolecall" },
  "saml:givenName": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:mail": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:name": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:organizationStatus": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:primaryGroupSID": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:surname": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:uid": { type: "String", values: "one", source: "proof", setBy: "rolecall" },
  "saml:x500UniqueIdentifier": { type: "String", values: "one", source: "proof", setBy: "rolecall" },

  "aws:CurrentTime": { type: "Date", values: "one", source: "request", setBy: "rolecall" },
  "aws:EpochTime": { type: "Date", values: "one", source: "request", setBy: "rolecall" },
  "aws:RequestedRegion": { type: "String", values: "one", source: "request", setBy: "rolecall" },
  "aws:UserAgent": { type: "String", values: "one", source: "request", setBy: "rolecall" },
  "aws:referer": { type: "String", values: "one", source: "request", setBy: "rolecall" },
  "aws:SourceIp": { type: "IPAddress", values: "one", source: "request", setBy: "rolecall or service" },
  "aws:SecureTransport": { type: "Bool", values: "one", source: "request", setBy: "rolecall or service" },
  "aws:SourceVpc": { type: "String", values: "one", source: "request", setBy: "service" },
  "aws:SourceVpce": { type: "String", values: "one", source: "request", setBy: "service" },
  "aws:VpcSourceIp": { type: "IPAddress", values: "one", source: "request", setBy: "service" },
  "aws:RequestTag/${TagKey}": { type: "String", values: "one", source: "request", setBy: "rolecall or service" },
  "aws:TagKeys": { type: "String", values: "many", source: "request", setBy: "rolecall or service" },

  "aws:ResourceAccount": { type: "String", values: "one", source: "resource", setBy: "owner" },
  "aws:ResourceOrgID": { type: "String", values: "one", source: "resource", setBy: "rolecall" },
  "aws:ResourceOrgPaths": { type: "String", values: "many", source: "resource", setBy: "rolecall" },
  "aws:ResourceTag/${TagKey}": { type: "String", values: "one", source: "resource", setBy: "owner" },
  "iam:ResourceTag/${TagKey}": { type: "String", values: "one", source: "resource", setBy: "owner" },

  "iam:AccountPropertyNamespaces": { type: "String", values: "many", source: "operation", setBy: "rolecall" },
  "iam:AssociatedResourceArn": { type: "ARN", values: "one", source: "operation", setBy: "rolecall" },
  "iam:AWSServiceName": { type: "String", values: "one", source: "operation", setBy: "rolecall" },
  "iam:PassedToService": { type: "String", values: "one", source: "operation", setBy: "rolecall" },
  "iam:DelegationDuration": { type: "String", values: "one", source: "operation", setBy: "rolecall" },
  "iam:DelegationRequestOwner": { type: "ARN", values: "one", source: "operation", setBy: "rolecall" },
  "iam:NotificationChannel": { type: "String", values: "one", source: "operation", setBy: "rolecall" },
  "iam:PermissionsBoundary": { type: "ARN", values: "one", source: "operation", setBy: "rolecall" },
  "iam:PolicyARN": { type: "ARN", values: "one", source: "operation", setBy: "rolecall" },
  "iam:TemplateArn": { type: "ARN", values: "one", source: "operation", setBy: "rolecall" },
  "iam:ServiceSpecificCredentialServiceName": { type: "String", values: "one", source: "operation", setBy: "rolecall" },
  "iam:ServiceSpecificCredentialAgeDays": { type: "Numeric", values: "one", source: "operation", setBy: "rolecall" },
  "sts:DurationSeconds": { type: "Numeric", values: "one", source: "operation", setBy: "rolecall" },
  "sts:ExternalId": { type: "String", values: "one", source: "operation", setBy: "rolecall" },
  "sts:IdentityTokenAudience": { type: "String", values: "many", source: "operation", setBy: "rolecall" },
  "sts:RoleAuthorizedByIdp": { type: "Bool", values: "one", source: "operation", setBy: "rolecall" },
  "sts:RoleSessionName": { type: "String", values: "one", source: "operation", setBy: "rolecall" },
  "sts:SigningAlgorithm": { type: "String", values: "one", source: "operation", setBy: "rolecall" },
  "sts:SourceIdentity": { type: "String", values: "one", source: "operation", setBy: "rolecall" },
  "sts:TaskPolicyArn": { type: "ARN", values: "one", source: "operation", setBy: "rolecall" },
  "sts:TransitiveTagKeys": { type: "String", values: "many", source: "operation", setBy: "rolecall" },
} as const satisfies Readonly<Record<`${(typeof ownNamespaces)[number]}:${string}`, ContextKeyFacts>>;

type Rows = typeof contextKeys;

/** A key as the table writes it. */
export type ContextKey = keyof Rows;
export type TagContextKey = Extract<ContextKey, `${string}/\${TagKey}`>;

/** Keys of one source. */
export type ContextKeyFrom<S extends ContextSource> = {
  [K in ContextKey]: Rows[K]["source"] extends S ? K : never;
}[ContextKey];

/** Keys that rolecall has no value for, whoever asks: services outside alone do. */
export type KeyOfServices = { [K in ContextKey]: Rows[K]["setBy"] extends "service" ? K : never }[ContextKey];

/** What a key holds: text, be its type a number or a date. */
export type ValueOf<K extends ContextKey> = Rows[K]["values"] extends "many"
  ? readonly string[]
  : Rows[K]["type"] extends "Bool"
    ? "true" | "false"
    : string;

/** Values of keys by name; a key without a value is absent from the context. */
export type ContextValues<K extends ContextKey> = { readonly [N in K]?: ValueOf<N> | undefined };

interface KnownKey extends ContextKeyFacts {
  readonly name: ContextKey;
}

const known: ReadonlyMap<string, KnownKey> = new Map(
  Object.entries(contextKeys).map(([name, facts]) => [
    foldedName(name as ContextKey),
    { name: name as ContextKey, ...facts },
  ]),
);

/** The key in the form in which names are compared, without `${TagKey}`. */
export function foldedName(key: ContextKey): string {
  return foldName(key.replace("${TagKey}", ""));
}

/** The row of a key by its folded name; undefined for one that is not in the table, as that of a tag without a key. */
export function knownContextKey(folded: string): KnownKey | undefined {
  const slash = folded.indexOf("/") + 1;
  if (slash === 0) return known.get(folded);
  return slash === folded.length ? undefined : known.get(folded.slice(0, slash));
}
