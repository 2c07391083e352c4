/** What a session token carries, and its compact form. */

export interface SessionTag {
  readonly key: string;
  readonly value: string;
  /** Goes on to sessions that this one puts on. */
  readonly transitive: boolean;
}

/** Whose hands the credentials of a session are in that is somebody else's: of whoever accepted a delegation request. */
export interface Delegation {
  /** The account that has them. */
  readonly account: string;
  /** Id of the request. */
  readonly requestId: string;
}

export interface Session {
  readonly version: typeof sessionVersion;
  readonly kind: "role" | "user" | "federated";
  /** 12 digits: the account the session is in. */
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The unique id of the role or user, never its ARN (renames, re-creation); the account id for the root. */
  readonly issuer: { readonly id: string };
  readonly sessionName: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When a second factor was shown; absent where none was. */
  readonly mfaAt?: number;
  readonly sourceIdentity?: string;
  readonly tags: readonly SessionTag[];
  /** Text of the inline session policy. */
  readonly policy?: string;
  readonly policyArns: readonly string[];
  /** 0 for a session put on with long-term credentials, one more for each hat over it. */
  readonly chainDepth: number;
  readonly sessionId: string;
  /** The session that put this one on. */
  readonly parentId?: string;
  /** The first session of the chain. */
  readonly originId: string;
  /** The principal who first put on a hat: the person behind the chain. */
  readonly origin: { readonly arn: string; readonly id: string };
  /** Of credentials that somebody delegated (sts:GetDelegatedAccessToken); absent from all others. */
  readonly delegation?: Delegation;
  /** Further context keys that hold as long as the session (saml:*, ec2:* …). */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** The schema of the token's content. A token of another version is not read. */
export const sessionVersion = 1;

const kinds = ["role", "user", "federated"] as const;

/** A value that is not what the schema says. */
export class SchemaError extends Error {
  constructor() {
    super("not a session of this schema");
    this.name = "SchemaError";
  }
}

/** Everything of fixed number, in order. The access key id is not here: it is the token's associated data. */
export function packHead(session: Session): unknown[] {
  return [
    kinds.indexOf(session.kind),
    session.account,
    session.secretAccessKey,
    session.issuer.id,
    session.sessionName,
    session.issuedAt,
    session.expiresAt,
    session.mfaAt ?? null,
    session.sourceIdentity ?? null,
    session.chainDepth,
    session.sessionId,
    session.parentId ?? null,
    session.originId,
    session.origin.arn,
    session.origin.id,
    ...(session.delegation === undefined ? [] : [session.delegation.account, session.delegation.requestId]),
  ];
}

const headLength = 15;
const delegatedLength = 17;

/** What the allotted space is for: policies and tags. Null where there are none. */
export function packPolicies(session: Session): unknown[] | null {
  if (session.policy === undefined && session.policyArns.length === 0 && session.tags.length === 0) return null;
  return [
    session.policy ?? null,
    session.policyArns,
    session.tags.map((tag) => [tag.key, tag.value, tag.transitive ? 1 : 0]),
  ];
}

/** Null where there are no context keys. */
export function packContext(session: Session): unknown[] | null {
  const entries = Object.entries(session.context);
  return entries.length === 0 ? null : entries;
}

/**
 * A session from its parts. The parts come out of an authenticated token; the checks are against another version's idea
 * of the schema, not against an attacker.
 * @throws SchemaError
 */
export function unpackSession(accessKeyId: string, head: unknown, context: unknown, policies: unknown): Session {
  const isDelegated = Array.isArray(head) && head.length === delegatedLength;
  const at = list(head, isDelegated ? delegatedLength : headLength);
  const kind = kinds[integer(at[0])];
  if (kind === undefined) throw new SchemaError();
  const mfaAt = at[7] === null ? null : integer(at[7]);
  const sourceIdentity = at[8] === null ? null : text(at[8]);
  const parentId = at[11] === null ? null : text(at[11]);
  const { policy, policyArns, tags } = unpackPolicies(policies);
  return {
    version: sessionVersion,
    kind,
    account: text(at[1]),
    accessKeyId,
    secretAccessKey: text(at[2]),
    issuer: { id: text(at[3]) },
    sessionName: text(at[4]),
    issuedAt: integer(at[5]),
    expiresAt: integer(at[6]),
    ...(mfaAt === null ? {} : { mfaAt }),
    ...(sourceIdentity === null ? {} : { sourceIdentity }),
    tags,
    ...(policy === null ? {} : { policy }),
    policyArns,
    chainDepth: integer(at[9]),
    sessionId: text(at[10]),
    ...(parentId === null ? {} : { parentId }),
    originId: text(at[12]),
    origin: { arn: text(at[13]), id: text(at[14]) },
    ...(isDelegated ? { delegation: { account: text(at[15]), requestId: text(at[16]) } } : {}),
    context: unpackContext(context),
  };
}

interface Policies {
  readonly policy: string | null;
  readonly policyArns: readonly string[];
  readonly tags: readonly SessionTag[];
}

const noPolicies: Policies = { policy: null, policyArns: [], tags: [] };

function unpackPolicies(packed: unknown): Policies {
  if (packed === null) return noPolicies;
  const [policy, policyArns, tags] = list(packed, 3);
  return {
    policy: policy === null ? null : text(policy),
    policyArns: list(policyArns).map(text),
    tags: list(tags).map((tag) => {
      const [key, value, transitive] = list(tag, 3);
      return { key: text(key), value: text(value), transitive: integer(transitive) === 1 };
    }),
  };
}

function unpackContext(packed: unknown): Session["context"] {
  // Without a prototype: a context key named `constructor` must be absent unless it is there.
  const context: Record<string, string | readonly string[]> = Object.create(null);
  if (packed === null) return context;
  for (const entry of list(packed)) {
    const [key, value] = list(entry, 2);
    context[text(key)] = typeof value === "string" ? value : list(value).map(text);
  }
  return context;
}

function list(value: unknown, length?: number): readonly unknown[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) throw new SchemaError();
  return value;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new SchemaError();
  return value;
}

function integer(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new SchemaError();
  return value;
}
