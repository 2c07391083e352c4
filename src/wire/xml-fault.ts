import { Fault } from "../contracts/fault.ts";
import type { ServiceContract } from "../contracts/model.ts";
import { named } from "../text/shorten.ts";
import type { Rendered } from "./rendered.ts";
import { escapeXml } from "./xml-text.ts";

/** The namespace of faults that the dispatcher gives before a service is found (observed on STS). */
const DISPATCH_NAMESPACE = "http://webservices.amazon.com/AWSFault/2005-15-09";

const longestQuery = 2048;

/** A fault of the query protocol. MalformedInput and its like have no Message element at all. */
export function renderXmlFault(contract: ServiceContract, fault: Fault, requestId: string): Rendered {
  const namespace = fault.code === "InvalidAction" ? DISPATCH_NAMESPACE : contract.xmlNamespace;
  const message = fault.hasMessage ? `    <Message>${escapeXml(fault.message)}</Message>\n` : "";
  const body =
    `<ErrorResponse xmlns="${namespace}">\n  <Error>\n` +
    `    <Type>${fault.status < 500 ? "Sender" : "Receiver"}</Type>\n` +
    `    <Code>${escapeXml(fault.code)}</Code>\n${message}` +
    `  </Error>\n  <RequestId>${escapeXml(requestId)}</RequestId>\n</ErrorResponse>\n`;
  return { status: fault.status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body };
}

/**
 * The fault for an Action that the service does not have. `version` as the request gave it: undefined when absent, which
 * AWS says in a word, and empty when empty.
 */
export function unknownAction(action: string, version: string | undefined): Fault {
  const asked = named(version ?? "NO_VERSION_SPECIFIED");
  return invalidAction(`Could not find operation ${named(action)} for version ${asked}`);
}

/**
 * What IAM and STS answer when there is no Action, or a POST that is not a form: a redirect to the product's page.
 * `query` is the request's query string without its `?`; one that is too long to be somebody's link is left out.
 */
export function renderNoAction(query: string): Rendered {
  const location = `https://aws.amazon.com/iam${query === "" || query.length > longestQuery ? "" : `?${query}`}`;
  return { status: 302, headers: { location }, body: "" };
}

/** The answer to a body over the limit: nothing, not even a request id. */
export const bodyTooLarge: Rendered = { status: 413, headers: {}, body: "" };

/** What answers where requests are distributed, and not the operation. */
export function invalidAction(message: string): Fault {
  return new Fault("InvalidAction", 400, message);
}
