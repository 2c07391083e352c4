/** rolecall:Authorize: a service asks about the request that it received. */
import { list, listWithin, optional, structure } from "../value-of.ts";
import { accountId, action, arn, flag, layer, outcome, tagKey, tagValue, text } from "./values.ts";

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

export const authorizeInput = structure({
  /** Either what the service received, */
  Request: optional(receivedRequest),
  /** or whom it has authenticated: rolecall:Authenticate gave the token. */
  Token: optional({ type: "string", min: 1, max: 2048, sensitive: true }),
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

export const authorizeOutput = structure({
  /** Whether the request's signature and credentials are good. When false, `Fault` says why, in AWS's words. */
  Verified: flag,
  /** True when the request is verified and every resource is allowed. */
  Allowed: flag,
  Principal: optional(principal),
  /**
   * Of a verified request: whether the signature covers the body. When false, the client has signed S3's word for an
   * unsigned body or for one in chunks, and anybody on the way may have changed it.
   */
  BodySigned: optional(flag),
  Decisions: list(
    structure({
      Resource: text,
      Outcome: outcome,
      Layer: optional(layer),
      /** AWS's AccessDenied sentence, for the service to relay. */
      Message: optional(text),
    }),
    0,
    100,
  ),
  /** What the service should answer its own client when it refuses. */
  Fault: optional(structure({ Code: text, Status: { type: "integer" }, Message: text })),
  /**
   * Of a verified request that is refused: what the service may send to its client, and sts:DecodeAuthorizationMessage opens
   * for whoever may call it in the client's account. Nobody else can read it.
   */
  EncodedMessage: optional({ type: "string", sensitive: true }),
  EventId: text,
});
