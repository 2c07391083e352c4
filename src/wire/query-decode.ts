import { Fault } from "../contracts/fault.ts";
import type { Shape, StructureShape } from "../contracts/model.ts";
import { hasPlaces, placesIn } from "./query-list.ts";
import type { QueryParameters } from "./query-scan.ts";
import type { Node } from "./query-tree.ts";
import { insert } from "./query-tree.ts";
import { parseBlob, parseBoolean, parseInteger, parseTimestamp } from "./scalar.ts";

/**
 * The query protocol's input: flat names such as `Tags.member.1.Key`, bound to an operation's input shape. Unknown
 * members are ignored, as AWS does. A known list, map or structure written in a form that cannot be read is
 * MalformedInput and never dropped: a lost session policy or tag would widen what the caller gets.
 */

type DecodeText = (text: string) => unknown;
type DecodeNode = (node: Node) => unknown;

/** The dispatcher's fault for what it cannot read: it has no Message element (observed on STS). */
function malformed(): Fault {
  return new Fault("MalformedInput", 400);
}

function textDecoder(shape: Shape): DecodeText | undefined {
  switch (shape.type) {
    case "string":
      return (text) => text;
    case "integer":
    case "long":
    case "double":
      return parseInteger;
    case "boolean":
      return parseBoolean;
    case "timestamp":
      return parseTimestamp;
    case "blob":
      return parseBlob;
    default:
      return undefined;
  }
}

/** A lone `Tags=` is the empty list, as botocore writes it. */
function requireNoText({ value }: Node): void {
  if (value !== undefined && value !== "") throw malformed();
}

/** What stands below `member` or `entry`; undefined for a list without members. */
function holderOf(node: Node, word: "member" | "entry"): Node | undefined {
  requireNoText(node);
  if (node.children === undefined) return undefined;
  const holder = node.children.get(word);
  if (holder?.children === undefined || holder.value !== undefined) throw malformed();
  return holder;
}

function nodeDecoder(shape: Shape): DecodeNode {
  switch (shape.type) {
    case "list":
      return listDecoder(shape.member);
    case "map": {
      const decodeKey = nodeDecoder(shape.key);
      const decodeValue = nodeDecoder(shape.value);
      return (node) => {
        const map: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
        for (const entry of placesIn(holderOf(node, "entry"))) {
          const key = entry?.children?.get("key");
          const value = entry?.children?.get("value");
          if (key === undefined || value === undefined) throw malformed();
          map[decodeKey(key) as string] ??= decodeValue(value);
        }
        return map;
      };
    }
    case "structure": {
      const members = Object.entries(shape.members).map(([name, member]) => ({
        name,
        decode: nodeDecoder(member.shape),
      }));
      return (node) => {
        requireNoText(node);
        const structure: Record<string, unknown> = {};
        for (const { name, decode } of members) {
          const child = node.children?.get(name);
          if (child !== undefined) structure[name] = decode(child);
        }
        return structure;
      };
    }
    default: {
      const decode = textDecoder(shape);
      return (node) => {
        if (decode === undefined || node.value === undefined) throw malformed();
        return decode(node.value);
      };
    }
  }
}

/** A place that was skipped holds nothing: null in a list of texts, a structure without members in one of structures. */
function listDecoder(member: Shape): DecodeNode {
  const decode = nodeDecoder(member);
  if (member.type !== "structure") {
    return (node) => placesIn(holderOf(node, "member")).map((place) => (place === null ? null : decode(place)));
  }
  return (node) => {
    const holder = holderOf(node, "member");
    // What is no number is read as a member of the one structure that there is then (observed on AWS IAM, 2026).
    if (holder !== undefined && !hasPlaces(holder)) return [decode(holder)];
    return placesIn(holder).map((place) => (place === null ? {} : decode(place)));
  };
}

/** Makes the decoder of an operation's input; it throws MalformedInput, and leaves constraints to others. */
export function compileQueryInput(input: StructureShape): (parameters: QueryParameters) => Record<string, unknown> {
  const texts: { name: string; decode: DecodeText }[] = [];
  const nodes = new Map<string, DecodeNode>();
  for (const [name, member] of Object.entries(input.members)) {
    const decode = textDecoder(member.shape);
    if (decode !== undefined) texts.push({ name, decode });
    else nodes.set(name, nodeDecoder(member.shape));
  }
  return (parameters) => {
    const decoded: Record<string, unknown> = {};
    for (const { name, decode } of texts) {
      const text = parameters.get(name);
      if (text !== undefined) decoded[name] = decode(text);
    }
    if (nodes.size === 0) return decoded;
    const root: Node = { value: undefined, children: undefined };
    for (const [name, value] of parameters) {
      const dot = name.indexOf(".");
      if (nodes.has(dot === -1 ? name : name.slice(0, dot))) insert(root, name, value);
    }
    if (root.children !== undefined) for (const [name, node] of root.children) decoded[name] = nodes.get(name)?.(node);
    return decoded;
  };
}
