import { contracts } from "./contracts.ts";
import type { ServiceName, ServiceOperations } from "./contracts.ts";
import { Fault } from "./fault.ts";
import type { OperationContract, ProtocolName, ServiceContract, TypedContract } from "./model.ts";

/**
 * Errors that any operation may answer though its contract does not list them, and their HTTP status: AWS's "Common
 * Errors" (IAM and STS API References), spelt as they are on the wire. Those of json-1.1 are rolecall's.
 */
const commonErrors = {
  query: {
    AccessDenied: 403,
    ExpiredToken: 403,
    InternalFailure: 500,
    InvalidClientTokenId: 403,
    InvalidParameterValue: 400,
    ServiceUnavailable: 503,
    Throttling: 400,
    ValidationError: 400,
  },
  "json-1.1": {
    AccessDenied: 403,
    ExpiredToken: 403,
    InternalFailure: 500,
    InvalidClientTokenId: 403,
    ServiceUnavailable: 503,
    ThrottlingException: 400,
    ValidationException: 400,
  },
  // By the names that the pipeline has; the codec writes those of the protocol (wire/rest-json-codec.ts).
  "rest-json": {
    AccessDenied: 403,
    ExpiredToken: 403,
    InternalFailure: 500,
    InvalidClientTokenId: 403,
    ServiceUnavailable: 503,
    ThrottlingException: 400,
    ValidationException: 400,
  },
} as const satisfies Readonly<Record<ProtocolName, Readonly<Record<string, number>>>>;

/**
 * Errors that an operation answers, though neither its contract nor the common ones have them. What was recorded from AWS
 * is right where its models are silent; each entry says where it is from.
 */
export const unlistedErrors: Readonly<Record<string, readonly string[]>> = {
  // A permissions boundary that does not exist is told as by PutRolePermissionsBoundary, which lists it, and CreateUser.
  "iam:CreateRole": ["NoSuchEntity"],
  // Its page in the API Reference names no error of its own; a key that does not exist is told as by DeleteAccessKey.
  "iam:GetAccessKeyLastUsed": ["NoSuchEntity"],
  // The status Expired is refused as by UpdateAccessKey (observed on AWS, September 2026).
  "iam:UpdateServiceSpecificCredential": ["InvalidInput"],
  // There is none at the global endpoint (observed on AWS, September 2026, radkawar/stackd captures).
  "sts:AssumeRoot": ["InvalidAction"],
  "sts:GetWebIdentityToken": ["InvalidAction"],
};

/** The codes that the contract of an operation lists. */
type ListedCode<S extends ServiceName> = ServiceOperations[S][keyof ServiceOperations[S]] extends infer Operation
  ? Operation extends { readonly errors: infer Code extends string }
    ? Code
    : never
  : never;

type CommonCode<S extends ServiceName> =
  (typeof contracts)[S] extends TypedContract<unknown, infer Protocol> ? keyof (typeof commonErrors)[Protocol] : never;

/** The codes that operations of a service may answer with. */
export type ErrorCode<S extends ServiceName> = ListedCode<S> | CommonCode<S>;

/**
 * Makes faults of a service: a code that it does not have does not compile, and the status is the contract's. A few have
 * no message.
 */
export function faultsOf<S extends ServiceName>(service: S): (code: ErrorCode<S>, message?: string) => Fault {
  const contract: ServiceContract = contracts[service];
  const statuses = new Map<string, number>(Object.entries(commonErrors[contract.protocol]));
  for (const { errors } of Object.values(contract.operations)) {
    for (const { code, status } of errors) statuses.set(code, status);
  }
  return (code, message) => new Fault(code, statuses.get(code)!, message);
}

/** Whether an operation may answer with an error: clients know what to do with those that its contract lists. */
export function mayAnswer({ service, protocol }: ServiceContract, operation: OperationContract, code: string): boolean {
  return (
    operation.errors.some((error) => error.code === code) ||
    Object.hasOwn(commonErrors[protocol], code) ||
    unlistedErrors[`${service}:${operation.name}`]?.includes(code) === true
  );
}
