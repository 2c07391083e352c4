import type { Codec } from "./codec.ts";
import { compileQueryInput } from "./query-decode.ts";
import { jsonAnswers } from "./query-json.ts";
import type { QueryParameters } from "./query-scan.ts";
import { compileXmlOutput } from "./xml-encode.ts";
import { renderXmlFault, unknownAction } from "./xml-fault.ts";

const none: QueryParameters = new Map();

/** AWS query: a form with Action and Version, answered in XML, or in JSON where that is asked for (smithy.io/2.0/aws/protocols/aws-query-protocol.html). */
export const queryCodec: Codec = {
  contentType: "text/xml",
  inJson: jsonAnswers,
  namesVersion: true,
  // IAM API Reference, Common Errors, says ThrottlingException; on the wire it is this.
  throttling: "Throttling",
  compileInput: (operation) => {
    const decode = compileQueryInput(operation.input);
    return (request) => decode(request.parameters ?? none);
  },
  compileOutput: compileXmlOutput,
  renderFault: renderXmlFault,
  unknownOperation: unknownAction,
};
