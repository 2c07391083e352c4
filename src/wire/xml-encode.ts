import { isoSeconds } from "../clock/iso.ts";
import type { Member, OperationContract, ServiceContract, Shape } from "../contracts/model.ts";
import type { Dialect } from "./dialect.ts";
import { escapeXml, percentEncode } from "./xml-text.ts";

/**
 * The query protocol's output. The form is AWS's own, byte for byte where it was observed: no XML declaration, two
 * spaces of indentation, a line feed at the end.
 */

/** Writes one element, with its indentation and line feed; undefined values are left out by the caller. */
type Encode = (value: unknown) => string;

/** ISO 8601 in UTC without a fraction: older clients' parsers know no other form. */
function timestamp(value: unknown): string {
  return isoSeconds((value as Date).getTime());
}

function textOf(shape: Shape, tag: string, dialect: Dialect): (value: unknown) => string {
  switch (shape.type) {
    case "string":
      return dialect.encodedDocuments.has(tag)
        ? (value) => percentEncode(value as string)
        : (value) => escapeXml(value as string);
    case "timestamp":
      return timestamp;
    case "blob":
      return (value) => Buffer.from(value as Uint8Array).toString("base64");
    case "integer":
    case "long":
    case "double":
    case "boolean":
      return (value) => String(value as number | boolean);
    default:
      throw new Error(`the query protocol cannot carry a ${shape.type} (${tag})`);
  }
}

function compileElement(shape: Shape, tag: string, depth: number, dialect: Dialect): Encode {
  const pad = "  ".repeat(depth);
  const empty = `${pad}<${tag}/>\n`;
  const wrap = (inside: string): string => (inside === "" ? empty : `${pad}<${tag}>\n${inside}${pad}</${tag}>\n`);
  if (shape.type === "structure") {
    const encode = compileMembers(shape.members, depth + 1, dialect);
    return (value) => wrap(encode(value));
  }
  if (shape.type === "list") {
    const encode = compileElement(shape.member, "member", depth + 1, dialect);
    return (value) => {
      let inside = "";
      for (const member of value as readonly unknown[]) inside += encode(member);
      return wrap(inside);
    };
  }
  if (shape.type === "map") {
    const key = compileElement(shape.key, "key", depth + 2, dialect);
    const item = compileElement(shape.value, "value", depth + 2, dialect);
    return (value) => {
      let inside = "";
      for (const [name, entry] of Object.entries(value as Record<string, unknown>))
        inside += `${pad}  <entry>\n${key(name)}${item(entry)}${pad}  </entry>\n`;
      return wrap(inside);
    };
  }
  const text = textOf(shape, tag, dialect);
  const open = `${pad}<${tag}>`;
  const close = `</${tag}>\n`;
  return (value) => open + text(value) + close;
}

function compileMembers(members: Readonly<Record<string, Member>>, depth: number, dialect: Dialect): Encode {
  const encoders = Object.entries(members).map(([name, member]) => ({
    name,
    required: member.required === true,
    encode: compileElement(member.shape, name, depth, dialect),
  }));
  return (value) => {
    const structure = value as Readonly<Record<string, unknown>>;
    let inside = "";
    for (const { name, required, encode } of encoders) {
      const item = structure[name];
      if (item !== undefined) inside += encode(item);
      // Typed clients crash on what the contract promises and the answer lacks: a handler's mistake, told early.
      else if (required) throw new TypeError(`the output lacks ${name}`);
    }
    return inside;
  };
}

/** Makes the encoder of an operation's response. */
export function compileXmlOutput(
  contract: ServiceContract,
  operation: OperationContract,
  dialect: Dialect,
): (output: unknown, requestId: string) => string {
  const { name } = operation;
  const result = operation.noResult ? undefined : compileElement(operation.output, `${name}Result`, 1, dialect);
  const head = `<${name}Response xmlns="${contract.xmlNamespace}">\n`;
  const beforeId = "  <ResponseMetadata>\n    <RequestId>";
  const afterId = `</RequestId>\n  </ResponseMetadata>\n</${name}Response>\n`;
  return (output, requestId) =>
    head + (result === undefined ? "" : result(output)) + beforeId + escapeXml(requestId) + afterId;
}
