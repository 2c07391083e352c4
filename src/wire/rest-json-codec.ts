import { Fault } from "../contracts/fault.ts";
import { named } from "../text/shorten.ts";
import type { Codec } from "./codec.ts";
import { compileJsonOutput } from "./json-encode.ts";
import { compileRestJsonInput } from "./rest-json-decode.ts";
import type { Rendered } from "./rendered.ts";

const contentType = "application/json";

/** AWS REST JSON: the operation in method and path (smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html). */
export const restJsonCodec: Codec = {
  contentType,
  namesVersion: false,
  throttling: "ThrottlingException",
  carries: new Set(["uri", "query"]),
  compileInput: compileRestJsonInput,
  compileOutput: (_contract, operation) => compileJsonOutput(operation.output),
  renderFault: (_contract, fault, requestId) => renderFault(fault, requestId),
  unknownOperation: (name) =>
    new Fault("UnknownOperationException", 404, `There is no operation ${JSON.stringify(named(name))}.`),
};

/**
 * What services of this protocol call the errors that every service has (their API References, Common Errors), by the names
 * of IAM and STS, which the pipeline and the trail have.
 */
const names: Readonly<Record<string, string>> = {
  AccessDenied: "AccessDeniedException",
  ExpiredToken: "ExpiredTokenException",
  IncompleteSignature: "IncompleteSignatureException",
  InternalFailure: "InternalServerException",
  InvalidClientTokenId: "UnrecognizedClientException",
  MissingAuthenticationToken: "MissingAuthenticationTokenException",
  ServiceUnavailable: "ServiceUnavailableException",
  SignatureDoesNotMatch: "InvalidSignatureException",
};

/** The error's name is in a header alone. */
function renderFault({ code, hasMessage, message, status }: Fault, requestId: string): Rendered {
  const name = Object.hasOwn(names, code) ? names[code]! : code;
  return {
    status,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId, "x-amzn-errortype": name },
    body: JSON.stringify(hasMessage ? { message } : {}),
  };
}
