import type { Fault } from "../contracts/fault.ts";
import type { OperationContract, ServiceContract, Shape, StructureShape } from "../contracts/model.ts";
import type { Answers } from "./codec.ts";
import type { Dialect } from "./dialect.ts";
import { jsonText, quoted } from "./json-text.ts";
import type { Rendered } from "./rendered.ts";
import { percentEncode } from "./xml-text.ts";

/**
 * The answers of the query protocol in JSON, for those who ask for it. The form is AWS's: what is an element in XML is a
 * member, in the order of the alphabet; what is absent is null; lists are lists, instants numbers of seconds (seen in what
 * verifiers of signed GetCallerIdentity calls read, aws-iam-authenticator, and in answers shown by AWS.jl and others).
 */

type Encode = (value: unknown) => string;

const contentType = "application/json";

export const jsonAnswers: Answers = { contentType, compileOutput, renderFault };

function compileOutput(
  _contract: ServiceContract,
  { name, noResult, output }: OperationContract,
  dialect: Dialect,
): (output: unknown, requestId: string) => string {
  const result = noResult ? undefined : encodeStructure(output, dialect);
  const head = `{${quoted(`${name}Response`)}:{`;
  const key = `${quoted(`${name}Result`)}:`;
  return (value, requestId) =>
    `${head}${result === undefined ? "" : `${key}${result(value)},`}"ResponseMetadata":{"RequestId":${quoted(requestId)}}}}`;
}

function renderFault(_contract: ServiceContract, fault: Fault, requestId: string): Rendered {
  const { code, hasMessage, message, status } = fault;
  const type = status < 500 ? "Sender" : "Receiver";
  const error = `{"Code":${quoted(code)},"Message":${hasMessage ? quoted(message) : "null"},"Type":"${type}"}`;
  return {
    status,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId },
    body: `{"Error":${error},"RequestId":${quoted(requestId)}}`,
  };
}

function encodeStructure(shape: StructureShape, dialect: Dialect): Encode {
  const members = Object.entries(shape.members)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => ({
      name,
      key: `${quoted(name)}:`,
      required: member.required === true,
      encode: encoder(member.shape, name, dialect),
    }));
  return (value) => {
    const structure = value as Readonly<Record<string, unknown>>;
    const written = members.map(({ name, key, required, encode }) => {
      const item = structure[name];
      // As in XML: what the contract promises and a handler forgets is told early.
      if (item === undefined && required) throw new TypeError(`the output lacks ${name}`);
      return key + (item === undefined ? "null" : encode(item));
    });
    return `{${written.join(",")}}`;
  };
}

/** @param name of the member that holds the value, or the list of such */
function encoder(shape: Shape, name: string, dialect: Dialect): Encode {
  switch (shape.type) {
    case "structure":
      return encodeStructure(shape, dialect);
    case "list": {
      const encode = encoder(shape.member, name, dialect);
      return (value) => `[${(value as readonly unknown[]).map(encode).join(",")}]`;
    }
    case "map": {
      const encode = encoder(shape.value, name, dialect);
      return (value) => {
        const entries = Object.entries(value as Readonly<Record<string, unknown>>);
        return `{${entries.map(([key, item]) => `${quoted(key)}:${encode(item)}`).join(",")}}`;
      };
    }
    case "timestamp":
      return (value) => String(Math.floor((value as Date).getTime() / 1000));
    case "blob":
      return (value) => quoted(Buffer.from(value as Uint8Array).toString("base64"));
    case "string":
      return dialect.encodedDocuments.has(name)
        ? (value) => quoted(percentEncode(value as string))
        : (value) => quoted(value as string);
    default:
      return jsonText;
  }
}
