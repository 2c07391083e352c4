/** The shape model of an API contract: data only, written by a generator or by hand, read by wire/. */

export type Shape =
  | StringShape
  | ({ readonly type: "integer" | "long" | "double"; readonly min?: number; readonly max?: number } & Secrecy)
  | ({ readonly type: "boolean" } & Secrecy)
  | ({ readonly type: "timestamp" } & Secrecy)
  | ({ readonly type: "blob"; readonly min?: number; readonly max?: number } & Secrecy)
  /** Any JSON value; only json protocols carry it. */
  | ({ readonly type: "document" } & Secrecy)
  | ListShape
  | ({
      readonly type: "map";
      readonly key: Shape;
      readonly value: Shape;
      readonly min?: number;
      readonly max?: number;
    } & Secrecy)
  | StructureShape;

interface Secrecy {
  /** Its values, and all that is in them, are shown nowhere but in the answer. */
  readonly sensitive?: boolean;
}

export interface StringShape extends Secrecy {
  readonly type: "string";
  readonly min?: number;
  readonly max?: number;
  /** As the service's model writes it (anchors implied). */
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

export interface ListShape extends Secrecy {
  readonly type: "list";
  readonly member: Shape;
  readonly min?: number;
  readonly max?: number;
  /** The most UTF-16 units that all texts in it may have together. */
  readonly maxCharacters?: number;
}

export interface StructureShape extends Secrecy {
  readonly type: "structure";
  readonly members: Readonly<Record<string, Member>>;
}

export interface Member {
  readonly shape: Shape;
  readonly required?: boolean;
  /** Where it stands in an HTTP message; in the body, by its name, where nothing is said. */
  readonly location?: MemberLocation;
}

/** As in Smithy's HTTP bindings: `payload` is the body itself, `headers` all headers that begin with the name. */
export type MemberLocation =
  | { readonly in: "uri" | "query" | "header" | "headers"; readonly name: string }
  | { readonly in: "payload" | "status" | "queryParameters" };

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
  /** The request's member that says how many items at most; a few operations have none. */
  readonly limit?: string;
  /** The response's boolean that says there is more, e.g. `IsTruncated`. */
  readonly more?: string;
  /** The response's lists that are paged: one, but for GetAccountAuthorizationDetails. */
  readonly items: readonly string[];
}

/** How a request proves who sends it. */
export type AuthType = "sigv4" | "webIdentity" | "saml" | "bearer" | "x509" | "password" | "public";

/** How an operation is asked for, and the status of its success. `uri` may have labels: `/roles/{RoleId}`. */
export interface HttpBinding {
  readonly method: string;
  readonly uri: string;
  readonly status: number;
}

export interface OperationContract {
  readonly name: string;
  readonly input: StructureShape;
  readonly output: StructureShape;
  readonly errors: readonly ErrorShape[];
  readonly auth: AuthType;
  /** In CloudTrail's eyes: what issues a session may read only, and what reads may count as a write. */
  readonly readOnly: boolean;
  /** The trail has the answer though the operation reads only. */
  readonly answerRecorded?: true;
  readonly http: HttpBinding;
  /** The model names no output at all (79 IAM operations): the query protocol then writes no `…Result` element. */
  readonly noResult?: true;
  readonly pagination?: Pagination;
}

/** What a service speaks. Another protocol is another name here, which does not compile without its codec (wire/). */
export type ProtocolName = "query" | "json-1.1" | "rest-json";

export interface ServiceContract {
  /** `iam`, `sts`, `rolecall`. */
  readonly service: string;
  /** The service in credential scopes, where that is another name. */
  readonly signingName?: string;
  readonly apiVersion: string;
  readonly protocol: ProtocolName;
  readonly xmlNamespace: string;
  /** json protocols: what stands before the dot in X-Amz-Target. */
  readonly targetPrefix?: string;
  readonly operations: Readonly<Record<string, OperationContract>>;
}

/**
 * A contract that knows the types of its operations: of each its `input`, its `output`, the codes of its `errors`, and its
 * `pagination`, where it has one.
 * There is no value of `Operations` in it: they are types only.
 */
export interface TypedContract<Operations, Protocol extends ProtocolName> extends ServiceContract {
  readonly protocol: Protocol;
  readonly operations: Readonly<Record<keyof Operations & string, OperationContract>>;
  readonly types?: Operations;
}
