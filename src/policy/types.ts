/** The vocabulary of the policy engine: what is asked, by what it is judged, what comes out. */

/** The kinds of policy document; each has its own grammar and its own part in a decision. */
export type PolicyKind = "identity" | "resource" | "trust" | "boundary" | "session" | "scp" | "rcp" | "endpoint";

/**
 * Who makes a request. `id` and `roleId` are unique ids (AIDA…, AROA…): bindings match by these,
 * because a re-created user of the same name is not the same principal
 * (IAM User Guide, reference_policies_elements_principal).
 */
export type Principal =
  | { readonly type: "Root"; readonly account: string; readonly arn: string }
  | { readonly type: "User"; readonly account: string; readonly arn: string; readonly id: string }
  | {
      readonly type: "RoleSession";
      readonly account: string;
      /** `arn:…:sts::ACCOUNT:assumed-role/ROLE/SESSION` */
      readonly arn: string;
      /** `arn:…:iam::ACCOUNT:role/PATH/ROLE` */
      readonly roleArn: string;
      /** Only the session's ARN is known, which has no path: `roleArn` is without one, and stands for the role of its name. */
      readonly pathUnknown?: true;
      readonly roleId: string;
      readonly sessionName: string;
    }
  | {
      readonly type: "FederatedUser";
      readonly account: string;
      readonly arn: string;
      readonly name: string;
      /** Who called GetFederationToken: its identity policies are the most the session can have. */
      readonly issuer: { readonly type: "Root" | "User"; readonly arn: string; readonly id: string };
    }
  | { readonly type: "Service"; readonly service: string }
  | { readonly type: "WebIdentity"; readonly provider: string; readonly account: string }
  | { readonly type: "SAML"; readonly provider: string; readonly account: string }
  | { readonly type: "Anonymous" };

/** A value of a context key: one string, or an array for a multivalued key. Never an empty string for "absent". */
export type ContextValue = string | readonly string[];

/** Context keys of a request by **lower-cased** name (names are case-insensitive, values are not). */
export interface Context {
  get(lowerCasedKey: string): ContextValue | undefined;
  entries(): Iterable<[string, ContextValue]>;
}

/** One question to the engine. */
export interface Request {
  readonly principal: Principal;
  /** `service:Operation`, in any case. */
  readonly action: string;
  /** An ARN, or `*` where the action has no resource. */
  readonly resource: string;
  /** The account that owns the resource (twelve digits); decides same-account against cross-account. */
  readonly resourceAccount: string;
  readonly context: Context;
}

/**
 * Unique ids that a stored document's principals were bound to when it was written.
 * Key: `STATEMENT/ELEMENT/TYPE/VALUE`, e.g. `0/Principal/AWS/1` (statement index, element name,
 * principal type, index in its list; a lone string counts as a list of one). Value: `AIDA…`, `AROA…`, or
 * `AROA…:session` for a role session. A principal without a binding matches by its text.
 */
export type Bindings = Readonly<Record<string, string>>;

export interface CompileOptions {
  /** What messages call the policy: its ARN, or the name of an inline policy. */
  readonly id?: string;
  readonly bindings?: Bindings;
}

/** A document made ready to be matched. Opaque outside `policy/`, immutable, safe to share. */
export interface CompiledPolicy {
  readonly kind: PolicyKind;
  readonly id: string | undefined;
  /** Number of statements. */
  readonly size: number;
}

/** Everything that a request is judged by. Absent and null mean: this layer does not apply. */
export interface Policies {
  /** Identity policies of the caller: inline, managed, and those of its groups. */
  readonly identity: readonly CompiledPolicy[];
  /** The resource's policy; one of kind `trust` must allow explicitly even inside one account. */
  readonly resource?: CompiledPolicy | null;
  readonly boundaries?: readonly CompiledPolicy[] | null;
  /** Session policies, inline and by ARN; an empty array is a session whose policies allow nothing. */
  readonly session?: readonly CompiledPolicy[] | null;
  /** Levels from the organization's root to the account; every level must allow. */
  readonly scps?: readonly (readonly CompiledPolicy[])[] | null;
  readonly rcps?: readonly (readonly CompiledPolicy[])[] | null;
  readonly endpoint?: CompiledPolicy | null;
}

export type Layer = "identity" | "resource" | "trust" | "boundary" | "session" | "scp" | "rcp" | "endpoint";

export type Outcome = "Allowed" | "ExplicitlyDenied" | "ImplicitlyDenied";

export interface DeterminingStatement {
  readonly layer: Layer;
  readonly policy: CompiledPolicy;
  /** Index in the document. */
  readonly statement: number;
  readonly sid: string | undefined;
}

export interface Decision {
  readonly outcome: Outcome;
  readonly allowed: boolean;
  /**
   * The layer that decided: where an explicit deny stands, which layer failed to allow, or which granted.
   * Null only where AWS allows without any policy (root in its own account, sts:GetCallerIdentity).
   */
  readonly layer: Layer | null;
  /** The statements that made the decision; empty for an implicit denial. */
  readonly statements: readonly DeterminingStatement[];
}
