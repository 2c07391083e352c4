/**
 * The API behind the authorization ids of refusals, IAM Toolbox (preview, 2018-05-10), as its API Reference has it. It is
 * newer than the data that the other contracts are made of (data/botocore/README.md), so it is written by hand.
 */
import type { MemberLocation, OperationContract, Shape, TypedContract } from "../model.ts";
import type { OperationsOf } from "../value-of.ts";
import { list, optional, structure } from "../value-of.ts";

const text = { type: "string" } as const;
const authorizationId = { type: "string", max: 256, pattern: "[0123456789abcdefghijklmnopqrstuvwxyz]+" } as const;

/** Context keys as they are usually spelt, each with its value or its values. */
const context = { type: "map", key: text, value: { type: "document" } } as const;

function required<const S extends Shape, const L extends MemberLocation>(
  shape: S,
  location: L,
): { readonly shape: S; readonly required: true; readonly location: L } {
  return { shape, required: true, location };
}

const matchedStatement = structure({ sid: text, evaluatedEffect: { type: "string", enum: ["ALLOW", "DENY"] } });

const evaluation = structure({
  action: text,
  resource: text,
  context,
  evaluatedEffect: { type: "string", enum: ["ALLOW", "EXPLICIT_DENY", "IMPLICIT_DENY"] },
  matchedPolicies: list(structure({ uri: text, matchedStatements: list(matchedStatement, 0, 1000) }), 0, 1000),
});

const policyInfo = structure({
  type: {
    type: "string",
    enum: [
      "IDENTITY_BASED_POLICY",
      "RESOURCE_BASED_POLICY",
      "PERMISSIONS_BOUNDARY",
      "SESSION_POLICY",
      "SERVICE_CONTROL_POLICY",
      "RESOURCE_CONTROL_POLICY",
      "VPC_ENDPOINT_POLICY",
    ],
  },
  inline: { type: "boolean" },
  /** The policy's ARN, or `inline:` and a digest. */
  uri: text,
  attachedTo: list(structure({ arn: text }), 0, 100),
});

const errors = [
  { code: "AccessDeniedException", status: 403 },
  { code: "ResourceNotFoundException", status: 404 },
  { code: "ValidationException", status: 400 },
  { code: "InternalServerException", status: 500 },
] as const;

const operations = {
  GetRequestAuthorizationDetails: {
    name: "GetRequestAuthorizationDetails",
    input: structure({
      authorizationId: required(authorizationId, { in: "uri", name: "authorizationId" }),
      nextToken: { ...optional({ type: "string", min: 1, max: 4096 }), location: { in: "query", name: "nextToken" } },
    }),
    output: structure({
      requestContext: context,
      evaluations: list(evaluation, 0, 1000),
      policies: list(policyInfo, 0, 1000),
      nextToken: optional(text),
    }),
    errors,
    auth: "sigv4",
    readOnly: true,
    http: { method: "GET", uri: "/authorization-details/{authorizationId}", status: 200 },
  },
  GetRequestAuthorizationPolicy: {
    name: "GetRequestAuthorizationPolicy",
    input: structure({
      authorizationId: required(authorizationId, { in: "uri", name: "authorizationId" }),
      policyUri: required({ type: "string", min: 1, max: 2048 }, { in: "query", name: "policyUri" }),
    }),
    // The reference speaks of the structured document; what the member is called, no model that we could read says.
    output: structure({ policyDocument: { type: "document" } }),
    errors,
    auth: "sigv4",
    readOnly: true,
    http: { method: "GET", uri: "/authorization-details/{authorizationId}/policy", status: 200 },
  },
} as const satisfies Readonly<Record<string, OperationContract>>;

export type IamToolboxOperations = OperationsOf<typeof operations>;

export const iamToolbox: TypedContract<IamToolboxOperations, "rest-json"> = {
  service: "iam-toolbox",
  signingName: "iam",
  apiVersion: "2018-05-10",
  protocol: "rest-json",
  xmlNamespace: "",
  operations,
};
