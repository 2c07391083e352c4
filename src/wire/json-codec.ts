import { Fault } from "../contracts/fault.ts";
import { named } from "../text/shorten.ts";
import type { Codec } from "./codec.ts";
import { compileJsonInput } from "./json-decode.ts";
import { compileJsonOutput, JSON_CONTENT_TYPE, renderJsonFault } from "./json-encode.ts";

/** AWS JSON 1.1: the operation in X-Amz-Target (smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html). */
export const jsonCodec: Codec = {
  contentType: JSON_CONTENT_TYPE,
  namesVersion: false,
  throttling: "ThrottlingException",
  compileInput: (operation) => {
    const decode = compileJsonInput(operation.input);
    return (request) => decode(request.body);
  },
  compileOutput: (_contract, operation) => compileJsonOutput(operation.output),
  renderFault: (_contract, fault, requestId) => renderJsonFault(fault, requestId),
  unknownOperation: (name) =>
    new Fault("UnknownOperationException", 400, `There is no operation ${JSON.stringify(named(name))}.`),
};
