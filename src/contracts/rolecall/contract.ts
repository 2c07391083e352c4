/**
 * The contract of our own service, `rolecall`: administration, and the doors for other people's services. AWS's
 * json-1.1 protocol with SigV4, so that any AWS SDK's signer and any JSON library can call it. Actions are
 * `rolecall:<operation>`.
 */
import type { OperationContract, TypedContract } from "../model.ts";
import type { OperationsOf } from "../value-of.ts";
import { list, listWithin, optional, structure } from "../value-of.ts";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const count = { type: "integer", min: 0 } as const;
const instant = { type: "timestamp" } as const;
const accountId = { type: "string", pattern: "\\d{12}" } as const;
const arn = { type: "string", min: 1, max: 2048 } as const;
const action = { type: "string", min: 3, max: 256, pattern: "[A-Za-z0-9-]+:[A-Za-z0-9-]+" } as const;
const nextToken = { type: "string", min: 1, max: 2048 } as const;
/** A place in the trail: it names each worker's file. */
const placeToken = { type: "string", min: 1, max: 8192 } as const;
const maxResults = { type: "integer", min: 1, max: 1000 } as const;
/** `o-…/r-…/ou-…/ou-…/`: the form of the condition key aws:PrincipalOrgPaths. */
const organizationPath = {
  type: "string",
  min: 1,
  max: 1024,
  pattern: "o-[a-z0-9]{10,32}/r-[0-9a-z]{4,32}/(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}/)*",
} as const;
const tagKey = { type: "string", min: 1, max: 128 } as const;
const tagValue = { type: "string", max: 256 } as const;

// ---- rolecall:Authorize: a service asks about the request that it received --------------------------------------------

/** As large as the largest that AWS stores, a key policy of KMS (AWS KMS Developer Guide, "Quotas"). */
const resourcePolicy = { type: "string", min: 1, max: 32_768 } as const;
/** No less than what web servers take of a request (16 KB of Node, 64 KB of an Application Load Balancer). */
const urlLength = 16_384;
const headerCharacters = 65_536;
/** All of it is searched for keys, compared and recorded. */
const contextCharacters = 32_768;

const receivedRequest = structure({
  Method: { type: "string", min: 1, max: 32, pattern: "[A-Z]+" },
  /** Path and query exactly as received: the signature covers their bytes. */
  Url: { type: "string", min: 1, max: urlLength, pattern: "/[\\u0021-\\u007E\\u0080-\\uFFFF]*" },
  /** In the order received; a name may come more than once. */
  Headers: listWithin(
    structure({ Name: { type: "string", min: 1, max: 256 }, Value: { type: "string", max: headerCharacters } }),
    1,
    200,
    headerCharacters,
  ),
  /** SHA-256 of the body that the service read, in hexadecimal. */
  BodySha256: optional({ type: "string", pattern: "[0-9a-fA-F]{64}" }),
});

const authorizeInput = structure({
  Request: receivedRequest,
  /** The service name that the credential scope must carry, e.g. `s3`. */
  Service: { type: "string", min: 1, max: 64, pattern: "[a-z0-9][a-z0-9-]*" },
  /** The region that the credential scope must carry; any when left out. */
  Region: optional({ type: "string", min: 1, max: 64, pattern: "[a-z0-9-]+" }),
  Action: action,
  /** Every one is decided by itself; `*` where the action has no resource. */
  Resources: list(arn, 1, 100),
  ResourceAccount: optional(accountId),
  ResourceTags: optional(list(structure({ Key: tagKey, Value: tagValue }), 0, 50)),
  Context: optional(
    listWithin(
      structure({
        // Without spaces, and ASCII alone: no letter of another script may pass for one of these.
        Key: { type: "string", min: 1, max: 512, pattern: "[\\u0021-\\u007E]+" },
        Values: list({ type: "string", max: 4096 }, 0, 100),
      }),
      0,
      100,
      contextCharacters,
    ),
  ),
  /**
   * Its `AWS` principals match as they are written: an ARN means whoever has it now, also a user or role that was made
   * again under its name; a unique id (`AIDA…`, `AROA…`, `AROA…:SESSION`) means that one alone.
   */
  ResourcePolicy: optional(resourcePolicy),
});

const principal = structure({
  Type: { type: "string", enum: ["Root", "User", "RoleSession", "FederatedUser", "Anonymous"] },
  Arn: text,
  /** `aws:userid`: by what a resource policy can mean this principal and no later one of its name. */
  UserId: text,
  Account: text,
  SourceIdentity: optional(text),
  /** The principal behind a chain of roles: who put on the first hat. */
  OriginArn: optional(text),
});

const authorizeOutput = structure({
  /** Whether the request's signature and credentials are good. When false, `Fault` says why, in AWS's words. */
  Verified: flag,
  /** True when the request is verified and every resource is allowed. */
  Allowed: flag,
  Principal: optional(principal),
  Decisions: list(
    structure({
      Resource: text,
      Outcome: { type: "string", enum: ["Allowed", "ExplicitlyDenied", "ImplicitlyDenied"] },
      Layer: optional({
        type: "string",
        enum: ["identity", "resource", "trust", "boundary", "session", "scp", "rcp", "endpoint"],
      }),
      /** AWS's AccessDenied sentence, for the service to relay. */
      Message: optional(text),
    }),
    0,
    100,
  ),
  /** What the service should answer its own client when it refuses. */
  Fault: optional(structure({ Code: text, Status: { type: "integer" }, Message: text })),
  EventId: text,
});

// ---- accounts and the organization ------------------------------------------------------------------------------------

const account = structure({
  AccountId: text,
  Name: text,
  Arn: text,
  Email: optional(text),
  CreatedAt: instant,
  OrganizationPath: optional(text),
});

const administrator = structure({
  UserName: text,
  AccessKeyId: text,
  SecretAccessKey: { type: "string", sensitive: true },
});

const organization = structure({
  Id: text,
  Arn: text,
  ManagementAccountId: text,
  /** `o-…/r-…/` */
  RootPath: text,
});

const ringKey = structure({
  Ring: { type: "string", enum: ["tokens", "secrets"] },
  KeyId: text,
  State: { type: "string", enum: ["distributed", "promoted", "retired", "lost"] },
  CreatedAt: instant,
  /** When it came into its state. */
  ChangedAt: instant,
  Seals: count,
});

// ---- rolecall:ExplainRequest: why a recorded request was decided as it was --------------------------------------------

const recordId = { type: "string", pattern: "[0-9a-fA-F-]{36}" } as const;
const outcome = { type: "string", enum: ["Allowed", "ExplicitlyDenied", "ImplicitlyDenied"] } as const;
const layer = {
  type: "string",
  enum: ["identity", "resource", "trust", "boundary", "session", "scp", "rcp", "endpoint"],
} as const;
const policyMoment = { type: "string", enum: ["moment", "now"] } as const;

/**
 * A call looks through a bounded part of the trail and explains a bounded number of requirements: with NextToken it goes on.
 * Where the record is not found yet, all else is absent.
 */
const explainRequestOutput = structure({
  NextToken: optional(text),
  EventId: optional(text),
  RequestId: optional(text),
  /** ISO 8601, seconds, UTC. */
  EventTime: optional(text),
  /** `service:Operation` */
  Action: optional(text),
  AccountId: optional(text),
  ErrorCode: optional(text),
  ErrorMessage: optional(text),
  /** Which policies explain; absent where nothing was decided. */
  Policies: optional(policyMoment),
  /** One for each requirement that was decided; empty for a request that was refused before that. */
  Explanations: list(
    structure({
      Action: text,
      Resource: text,
      ResourceAccount: text,
      Principal: text,
      /** As it was decided then. */
      RecordedOutcome: outcome,
      /** By the policies that explain. */
      Outcome: outcome,
      /** In words. */
      Summary: text,
      /** Layers that belong to somebody else and are left out. */
      Withheld: list(layer, 0, 8),
      /** JSON text: the `Explanation` of `rolecall/policy`. */
      Explanation: text,
    }),
    0,
    1000,
  ),
});

const nothing = structure({});

const posted = { method: "POST", uri: "/", status: 200 } as const;

function error<const Code extends string>(
  code: Code,
  status: number,
): { readonly code: Code; readonly status: number } {
  return { code, status };
}

const validation = error("ValidationException", 400);
const notFound = error("ResourceNotFoundException", 404);
const conflict = error("ConflictException", 409);
const limitExceeded = error("LimitExceededException", 409);

const operations = {
  Authorize: {
    name: "Authorize",
    input: authorizeInput,
    output: authorizeOutput,
    errors: [validation, error("MalformedPolicyDocument", 400)],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  CreateAccount: {
    name: "CreateAccount",
    input: structure({
      Name: optional({ type: "string", min: 1, max: 50, pattern: "[\\u0020-\\u007E]+" }),
      Email: optional({ type: "string", min: 6, max: 64, pattern: "[^\\s@]+@[^\\s@.]+(\\.[^\\s@.]+)+" }),
      AccountId: optional(accountId),
    }),
    output: structure({ Account: account, Administrator: administrator }),
    errors: [validation, conflict, limitExceeded],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  ListAccounts: {
    name: "ListAccounts",
    input: structure({ MaxResults: optional(maxResults), NextToken: optional(nextToken) }),
    output: structure({ Accounts: list(account, 0, 1000), NextToken: optional(text) }),
    errors: [validation],
    auth: "sigv4",
    readOnly: true,
    http: posted,
    pagination: { input: "NextToken", output: "NextToken", limit: "MaxResults", items: ["Accounts"] },
  },
  GetAccount: {
    name: "GetAccount",
    input: structure({ AccountId: accountId }),
    output: structure({ Account: account }),
    errors: [validation, notFound],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  CreateOrganization: {
    name: "CreateOrganization",
    input: structure({ ManagementAccountId: accountId }),
    output: structure({ Organization: organization }),
    errors: [validation, notFound, conflict],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  DescribeOrganization: {
    name: "DescribeOrganization",
    input: nothing,
    output: structure({ Organization: organization }),
    errors: [notFound],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  MoveAccount: {
    name: "MoveAccount",
    input: structure({ AccountId: accountId, OrganizationPath: organizationPath }),
    output: structure({ Account: account }),
    errors: [validation, notFound, conflict],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  MoveOrganizationalUnit: {
    name: "MoveOrganizationalUnit",
    input: structure({ OrganizationPath: organizationPath, ParentPath: organizationPath }),
    output: structure({ OrganizationPath: text }),
    errors: [validation, notFound, conflict],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  ListKeys: {
    name: "ListKeys",
    input: nothing,
    output: structure({ Keys: list(ringKey, 0, 1000) }),
    errors: [],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  RotateKeys: {
    name: "RotateKeys",
    input: structure({ Ring: optional({ type: "string", enum: ["tokens", "secrets"] }) }),
    output: structure({ KeyIds: list(text, 0, 2) }),
    errors: [validation],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  Reset: {
    name: "Reset",
    input: nothing,
    output: nothing,
    errors: [error("NotEphemeral", 400)],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  LookupEvents: {
    name: "LookupEvents",
    input: structure({
      StartTime: optional(instant),
      EndTime: optional(instant),
      EventName: optional({ type: "string", min: 1, max: 128 }),
      PrincipalArn: optional(arn),
      /** `*` is all accounts. */
      AccountId: optional({ type: "string", pattern: "\\d{12}|\\*" }),
      ErrorCode: optional({ type: "string", min: 1, max: 128 }),
      MaxResults: optional(maxResults),
      NextToken: optional(placeToken),
    }),
    /**
     * Each event is the JSON text of one CloudTrail-shaped record. A call looks through a bounded part of the trail: where
     * there is a NextToken the search goes on with it, also where nothing was found yet. TooLong: how many records were
     * met that are too long to be shown here; they are in the files.
     */
    output: structure({ Events: list(text, 0, 1000), TooLong: optional(count), NextToken: optional(text) }),
    errors: [validation],
    auth: "sigv4",
    readOnly: true,
    http: posted,
    pagination: { input: "NextToken", output: "NextToken", limit: "MaxResults", items: ["Events"] },
  },
  ExplainRequest: {
    name: "ExplainRequest",
    input: structure({
      /** The x-amzn-RequestId of the answer; either this or EventId. */
      RequestId: optional(recordId),
      EventId: optional(recordId),
      /** Whose record: the caller's own account, and for the operator's callers any that they may explain for, by default. */
      AccountId: optional(accountId),
      NextToken: optional(placeToken),
      /** Of that moment (kept for denials) by default, otherwise of now. */
      Policies: optional(policyMoment),
    }),
    output: explainRequestOutput,
    errors: [validation, notFound, error("PoliciesNotKept", 400)],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  GetServerInformation: {
    name: "GetServerInformation",
    input: nothing,
    output: structure({ Version: text, Dialect: text, Revision: count, Accounts: count }),
    errors: [],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
} as const satisfies Readonly<Record<string, OperationContract>>;

export type RolecallOperations = OperationsOf<typeof operations>;

export const rolecall: TypedContract<RolecallOperations, "json-1.1"> = {
  service: "rolecall",
  apiVersion: "2026-11-01",
  protocol: "json-1.1",
  xmlNamespace: "",
  targetPrefix: "Rolecall",
  operations,
};
