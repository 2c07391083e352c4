/** The shape model of an API contract: data only, written by a generator or by hand, read by wire/. */

export type Shape =
  | StringShape
  | { readonly type: "integer" | "long" | "double"; readonly min?: number; readonly max?: number }
  | { readonly type: "boolean" }
  | { readonly type: "timestamp" }
  | { readonly type: "blob"; readonly min?: number; readonly max?: number; readonly sensitive?: boolean }
  /** Any JSON value; only json protocols carry it. */
  | { readonly type: "document" }
  | ListShape
  | { readonly type: "map"; readonly key: Shape; readonly value: Shape; readonly max?: number }
  | StructureShape;

export interface StringShape {
  readonly type: "string";
  readonly min?: number;
  readonly max?: number;
  /** As the service's model writes it (anchors implied). */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly sensitive?: boolean;
}

export interface ListShape {
  readonly type: "list";
  readonly member: Shape;
  readonly min?: number;
  readonly max?: number;
  /** The most UTF-16 units that all texts in it may have together. */
  readonly maxCharacters?: number;
}

export interface StructureShape {
  readonly type: "structure";
  readonly members: Readonly<Record<string, Member>>;
}

export interface Member {
  readonly shape: Shape;
  readonly required?: boolean;
}

export interface ErrorShape {
  /** The code on the wire, e.g. `NoSuchEntity` (without the `Exception` of the model's name). */
  readonly code: string;
  readonly status: number;
}

/** Names of the members that page through an operation's results. */
export interface Pagination {
  /** The request's member that continues, e.g. `Marker`. */
  readonly input: string;
  /** The response's member that the next request sends back. */
  readonly output: string;
  readonly limit: string;
  /** The response's boolean that says there is more, e.g. `IsTruncated`. */
  readonly more?: string;
  /** The response's lists that are paged: one, but for GetAccountAuthorizationDetails. */
  readonly items: readonly string[];
}

/** How a request proves who sends it. */
export type AuthType = "sigv4" | "webIdentity" | "saml" | "none";

export interface OperationContract {
  readonly name: string;
  readonly input: StructureShape;
  readonly output: StructureShape;
  readonly errors: readonly ErrorShape[];
  readonly auth: AuthType;
  /** The model names no output at all (79 IAM operations): the query protocol then writes no `…Result` element. */
  readonly noResult?: true;
  readonly pagination?: Pagination;
}

export interface ServiceContract {
  /** `iam`, `sts`, `rolecall`: also the service name in credential scopes. */
  readonly service: string;
  readonly apiVersion: string;
  readonly protocol: "query" | "json-1.1";
  readonly xmlNamespace: string;
  /** json protocols: what stands before the dot in X-Amz-Target. */
  readonly targetPrefix?: string;
  readonly operations: Readonly<Record<string, OperationContract>>;
}
