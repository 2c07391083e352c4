import { Fault } from "../contracts/fault.ts";
import type { Shape, StructureShape } from "../contracts/model.ts";
import type { QueryParameters } from "./query-scan.ts";
import { parseBlob, parseBoolean, parseInteger, parseTimestamp } from "./scalar.ts";

/**
 * The query protocol's input: flat names such as `Tags.member.1.Key`, bound to an operation's input shape. Unknown
 * members are ignored, as AWS does. A known list, map or structure written in a form that cannot be read is
 * MalformedInput and never dropped: a lost session policy or tag would widen what the caller gets.
 */

/** The dotted names of one request, as a tree. */
interface Node {
  value: string | undefined;
  children: Map<string, Node> | undefined;
}

type DecodeText = (text: string) => unknown;
type DecodeNode = (node: Node) => unknown;

/** The dispatcher's fault for what it cannot read: it has no Message element (observed on STS). */
function malformed(): Fault {
  return new Fault("MalformedInput", 400);
}

/** Deeper names than any shape has (SimulatePrincipalPolicy needs five parts) cannot mean a member. */
const MAX_PARTS = 16;

function insert(root: Node, name: string, value: string): void {
  const parts = name.split(".", MAX_PARTS + 1);
  if (parts.length > MAX_PARTS) return;
  let node = root;
  for (const part of parts) {
    node.children ??= new Map();
    let child = node.children.get(part);
    if (child === undefined) {
      child = { value: undefined, children: undefined };
      node.children.set(part, child);
    }
    node = child;
  }
  node.value ??= value;
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

/**
 * Members in the order of their indices. AWS documents indices from 1 on without gaps; what it does with others is not
 * known to us: gaps are closed here and 0 is an index like any other. Cost follows the number of members sent, never
 * the size of an index.
 */
function ordered(children: ReadonlyMap<string, Node>): readonly Node[] {
  const indexed: [number, Node][] = [];
  for (const [index, node] of children) {
    if (!/^(?:0|[1-9]\d{0,8})$/.test(index)) throw malformed();
    indexed.push([Number(index), node]);
  }
  indexed.sort((a, b) => a[0] - b[0]);
  return indexed.map(([, node]) => node);
}

/** The numbered children below `member` or `entry`; a lone `Tags=` is the empty list, as botocore writes it. */
function numbered(node: Node, word: "member" | "entry"): readonly Node[] {
  if (node.value !== undefined && node.value !== "") throw malformed();
  if (node.children === undefined) return [];
  const holder = node.children.get(word);
  if (holder?.children === undefined || holder.value !== undefined) throw malformed();
  return ordered(holder.children);
}

function nodeDecoder(shape: Shape): DecodeNode {
  switch (shape.type) {
    case "list": {
      const decode = nodeDecoder(shape.member);
      return (node) => numbered(node, "member").map(decode);
    }
    case "map": {
      const decodeKey = nodeDecoder(shape.key);
      const decodeValue = nodeDecoder(shape.value);
      return (node) => {
        const map: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
        for (const entry of numbered(node, "entry")) {
          const key = entry.children?.get("key");
          const value = entry.children?.get("value");
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
        if (node.value !== undefined && node.value !== "") throw malformed();
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
