import { Fault } from "../contracts/fault.ts";
import type { Member, OperationContract, Shape, StructureShape } from "../contracts/model.ts";
import type { WireRequest } from "./codec.ts";
import { compileJsonInput } from "./json-decode.ts";
import { parseBoolean, parseInteger, parseTimestamp } from "./scalar.ts";
import { uriTemplate } from "./uri-template.ts";

/** A member that is a text of the request's head. */
interface Placed {
  readonly member: string;
  readonly name: string;
  readonly in: "uri" | "query";
  readonly parse: (text: string) => unknown;
}

/**
 * The input of an operation with HTTP bindings: labels of the path, parameters of the query, and all other members in a
 * JSON body. Parameters that the contract does not name are ignored, as in AWS.
 */
export function compileRestJsonInput({
  http,
  input,
}: OperationContract): (request: WireRequest) => Record<string, unknown> {
  const placed = Object.entries(input.members).flatMap(([member, facts]) => placedOf(member, facts));
  const template = uriTemplate(http.uri);
  const body = bodyOf(input);
  const decodeBody = body === null ? nothing : compileJsonInput(body);
  return (request) => {
    const values = decodeBody(request.body);
    const labels = template.read(request.path ?? "");
    for (const { member, name, in: place, parse } of placed) {
      const text = place === "uri" ? labels[name] : request.parameters?.get(name);
      if (text !== undefined) values[member] = read(text, name, parse);
    }
    return values;
  };
}

const nothing = (): Record<string, unknown> => ({});

/** Null where no member stands there: whatever was sent is then ignored. */
function bodyOf({ members }: StructureShape): StructureShape | null {
  const inBody = Object.entries(members).filter(([, { location }]) => location === undefined);
  return inBody.length === 0 ? null : { type: "structure", members: Object.fromEntries(inBody) };
}

function placedOf(member: string, { location, shape }: Member): Placed[] {
  if (location?.in !== "uri" && location?.in !== "query") return [];
  return [{ member, name: location.name, in: location.in, parse: parserOf(shape, member) }];
}

function parserOf({ type }: Shape, member: string): (text: string) => unknown {
  switch (type) {
    case "string":
      return (text) => text;
    case "integer":
    case "long":
      return parseInteger;
    case "boolean":
      return parseBoolean;
    case "timestamp":
      return parseTimestamp;
    default:
      throw new Error(`${member}: no text of a path or query is read as ${type}`);
  }
}

function read(text: string, name: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new Fault("SerializationException", 400, `${name} cannot be read.`, { cause });
  }
}
