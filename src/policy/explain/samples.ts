/** Values that a request may have, of the type that the operator compares or the key has. */
import { knownContextKey } from "../context-key.ts";
import type { ConditionKeyType, ContextKey } from "../context-key.ts";
import { spend } from "../effort.ts";
import type { Clause } from "../match/condition.ts";
import { hasVariable, piecesOf, resolveText } from "../match/variable.ts";
import type { Context } from "../types.ts";

/** What the operators compare, by a word in their names. */
const compared: readonly (readonly [word: RegExp, type: ConditionKeyType])[] = [
  [/numeric/i, "Numeric"],
  [/date/i, "Date"],
  [/bool/i, "Bool"],
  [/binary/i, "Binary"],
  [/ipaddress/i, "IPAddress"],
  [/arn/i, "ARN"],
];

/** Addresses are those of documentation (RFC 5737, RFC 3849). Numbers and dates are sought beside the policy's own. */
const examples: Readonly<Record<ConditionKeyType, readonly string[]>> = {
  String: ["example", "another"],
  ARN: ["arn:aws:s3:::example", "arn:aws:iam::111122223333:role/example"],
  Bool: ["true", "false"],
  Numeric: ["1"],
  Date: ["2030-01-01T00:00:00Z"],
  IPAddress: ["198.51.100.1", "203.0.113.1", "192.0.2.1", "2001:db8::1"],
  Binary: ["b3RoZXI="],
};

/** Keys of texts that have a form. */
const examplesOf: Readonly<Partial<Record<ContextKey, readonly string[]>>> = {
  "aws:RequestedRegion": ["us-east-1", "eu-west-1"],
  "aws:SourceVpc": ["vpc-1a2b3c4d", "vpc-5e6f7a8b"],
  "aws:SourceVpce": ["vpce-1a2b3c4d", "vpce-5e6f7a8b"],
};

export function typeOf({ operator, key, source }: Clause): ConditionKeyType {
  if (operator.comparison === null) return knownContextKey(key)?.type ?? "String";
  return compared.find(([word]) => word.test(source.operator))?.[1] ?? "String";
}

/** Values of the clause's type, whatever the policy names. */
export function othersOf(clause: Clause, type: ConditionKeyType): readonly string[] {
  const known = knownContextKey(clause.key);
  return (known === undefined ? undefined : examplesOf[known.name]) ?? examples[type];
}

/** What it takes to make samples of a value, beside its length. */
const sampleSteps = 32;

/** Values that may fit one of the policy's, or lie just beside it; the text itself is the first. */
export function samplesOf(value: string, type: ConditionKeyType, context: Context): string[] {
  spend(sampleSteps + value.length);
  const pieces = piecesOf(value);
  const text = hasVariable(pieces) ? resolveText(pieces, context) : value;
  if (text === null) return [];
  const found = [text];
  if (type === "IPAddress" && text.includes("/")) return addressesOf(text);
  if (/[*?]/.test(text)) found.push(text.replaceAll("*", "x").replaceAll("?", "x"), text.replaceAll("*", ""));
  if (type === "Numeric" && /^-?\d+(\.\d+)?$/.test(text))
    found.push(String(Number(text) - 1), String(Number(text) + 1));
  if (type === "Date") found.push(...momentsBeside(text));
  return found;
}

/** Of a network: its first host, and its own address. */
function addressesOf(network: string): string[] {
  const address = network.slice(0, network.indexOf("/"));
  return [address.replace(/\.0$/, ".1").replace(/::$/, "::1"), address];
}

function momentsBeside(text: string): string[] {
  if (/^\d+$/.test(text)) return [String(Number(text) - 1), String(Number(text) + 1)];
  const date = Date.parse(text);
  if (Number.isNaN(date)) return [];
  return [-1000, 1000].map((step) => new Date(date + step).toISOString().replace(".000Z", "Z"));
}
