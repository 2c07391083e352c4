/** What every answer must be, whatever was asked. */
import { SaxesParser } from "saxes";
import { iam } from "../../../src/contracts/iam/contract.gen.ts";
import { rolecall } from "../../../src/contracts/rolecall/contract.ts";
import { sts } from "../../../src/contracts/sts/contract.gen.ts";

export interface Answer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** AWS's common errors, and those of dispatch and signature, which belong to no operation. */
const everywhere = [
  "AccessDenied",
  "ExpiredToken",
  "IncompleteSignature",
  "InvalidAction",
  "InvalidParameterValue",
  "InvalidClientTokenId",
  "MalformedInput",
  "MalformedQueryString",
  "MethodNotAllowed",
  "MissingAuthenticationToken",
  "MissingParameter",
  "NotEphemeral",
  "RequestExpired",
  "SerializationException",
  "SignatureDoesNotMatch",
  "UnknownOperationException",
  "UnsupportedOperation",
  "ValidationError",
  "ValidationException",
];

const codes = new Set([
  ...everywhere,
  ...[iam, sts, rolecall].flatMap(({ operations }) =>
    Object.values(operations).flatMap(({ errors }) => errors.map(({ code }) => code)),
  ),
]);

const early =
  /InvalidClientTokenId|MissingAuthenticationToken|SignatureDoesNotMatch|IncompleteSignature|ExpiredToken|RequestExpired|MalformedQueryString|InvalidAction|UnknownOperationException|MethodNotAllowed/;

/** Whether the answer was given before anybody's signature was looked at, or because of it. */
export function beforeAuthentication({ status, body }: Answer): boolean {
  return status === 302 || status === 413 || (status !== 200 && early.test(body));
}

/** What a text for a client never holds: paths and frames of the program, and values that were never meant to be text. */
const leaks = /\bat \S+ \([^)]*:\d+:\d+\)|node:internal|\/src\/\w+\/|\[object \w+\]|SQLITE_|PostgreSQL:/;

/** @returns what is wrong with the answer; null when nothing is */
export function objection(answer: Answer): string | null {
  const { status, contentType, body } = answer;
  if (status >= 500) return `status ${status}`;
  if (leaks.test(body)) return `the answer shows the inside: ${leaks.exec(body)![0]}`;
  if (status === 413 || status === 302) return body === "" ? null : "a body where there is none";
  if (contentType === "text/plain; charset=utf-8") return status === 200 ? null : `plain text with status ${status}`;
  if (status !== 200 && (status < 400 || status > 499)) return `status ${status}`;
  if (contentType === "application/x-amz-json-1.1") return inJson(status, body);
  if (contentType === "text/xml") return inXml(status, body);
  return `content type ${contentType}`;
}

function inJson(status: number, body: string): string | null {
  let content: { readonly __type?: unknown; readonly message?: unknown };
  try {
    content = JSON.parse(body) as typeof content;
  } catch {
    return "not JSON";
  }
  if (/\p{Cs}/u.test(body)) return "a lone surrogate";
  if (status === 200) return content.__type === undefined ? null : "a fault with status 200";
  return unknownCode(content.__type);
}

function inXml(status: number, body: string): string | null {
  let root = "";
  const open: string[] = [];
  let code = "";
  const parser = new SaxesParser({ position: false });
  let broken: Error | undefined;
  parser.on("error", (error) => (broken ??= error));
  parser.on("opentag", ({ name }) => {
    if (root === "") root = name;
    open.push(name);
  });
  parser.on("closetag", () => open.pop());
  parser.on("text", (text) => {
    if (open.length === 3 && open[2] === "Code") code += text;
  });
  parser.write(body).close();
  if (broken !== undefined) return `not XML: ${broken.message}`;
  if (status === 200) return root.endsWith("Response") && root !== "ErrorResponse" ? null : `200 with <${root}>`;
  return root === "ErrorResponse" ? unknownCode(code) : `${status} with <${root}>`;
}

function unknownCode(code: unknown): string | null {
  return typeof code === "string" && codes.has(code) ? null : `the code ${JSON.stringify(code)}`;
}
