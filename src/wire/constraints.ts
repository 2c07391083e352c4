import { Fault } from "../contracts/fault.ts";
import type { ListShape, Shape, StringShape, StructureShape } from "../contracts/model.ts";
import { named } from "../text/shorten.ts";
import type { Dialect } from "./dialect.ts";
import { lowerFirst } from "./framework-names.ts";

/**
 * Checks decoded input against its shape's constraints, for every protocol alike. The wording is that of AWS's service
 * framework: "N validation errors detected: Value 'v' at 'tags.1.member.key' failed to satisfy constraint: …; …".
 */

/** AWS repeats a value whole (observed up to 2,049 characters); of a longer one the beginning is named. */
const MAX_PRINTED = 2049;

/** Characters of a list that are put together for a message; it is cut where a message ends (contracts/fault.ts). */
const MAX_LISTED = 4096;

/** AWS tells ten and counts no more (observed on IAM, September 2026, radkawar/stackd captures). */
const MAX_CLAUSES = 10;

/** What one request got wrong. */
interface Findings {
  readonly operation: string;
  /** Clauses of the "validation errors detected" message. */
  readonly clauses: string[];
  /** Sentences of the service's own, said only when there are no clauses: IAM checks names after its model. */
  readonly sentences: string[];
}

/**
 * Where the value stands: names of members, and places in lists from 1 on; one list for all of an input, grown and shrunk
 * on the way, because most inputs are good and nobody asks.
 */
type Path = (string | number)[];
/** Null in a place that was skipped. */
type Texts = readonly (string | null)[];
type Check = (value: unknown, path: Path, findings: Findings) => void;

/** `tags.1.member.key`, the form that messages use. */
function modelPath(path: Path): string {
  return path.map((part) => (typeof part === "number" ? `${part}.member` : lowerFirst(part))).join(".");
}

function printed(value: unknown, dialect: Dialect, sensitive: boolean | undefined): string {
  if (!dialect.printsValues || sensitive || typeof value === "object") return "Value";
  const text = String(value);
  return `Value '${text.length > MAX_PRINTED ? named(text) : text}'`;
}

/** A list of texts is told whole, however long (observed on AWS STS, September 2026, radkawar/stackd captures). */
function printedTexts(texts: Texts, member: StringShape, dialect: Dialect): string {
  if (!dialect.printsValues || member.sensitive) return "Value";
  let list = "";
  for (const text of texts) {
    // A fault's message is not longer than this.
    if (list.length > MAX_LISTED) break;
    list += `${list === "" ? "" : ", "}${text}`;
  }
  return `Value '[${list}]'`;
}

/** Length as AWS counts it: Unicode scalar values of the decoded text (observed on STS), not UTF-16 units. */
function characters(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) {
      count--;
      i++;
    }
  }
  return count;
}

/**
 * The model's patterns are Java's and match the whole value; `\w` and `\d` are ASCII in both languages. The Unicode
 * mode refuses needless escapes (`\:`), which the plain mode allows.
 */
function regExpOf(pattern: string): RegExp {
  const whole = `^(?:${pattern})$`;
  try {
    return new RegExp(whole, "u");
  } catch {
    return new RegExp(whole);
  }
}

const atLeast = (min: number): string => `Member must have length greater than or equal to ${min}`;
const atMost = (max: number): string => `Member must have length less than or equal to ${max}`;
const matches = (pattern: string): string => `Member must satisfy regular expression pattern: ${pattern}`;
function oneOf(values: readonly string[], dialect: Dialect): string {
  const listed = dialect.enumListed(values);
  return `Member must satisfy enum value set${listed === undefined ? "" : `: [${listed.join(", ")}]`}`;
}

function note(subject: string, path: Path, constraint: string, findings: Findings): void {
  if (findings.clauses.length === MAX_CLAUSES) return;
  findings.clauses.push(`${subject} at '${modelPath(path)}' failed to satisfy constraint: ${constraint}`);
}

/** Returns the constraints that a text breaks, in AWS's usual order (pattern, length; AWS's own order varies). */
function stringCheck(shape: StringShape, dialect: Dialect): (value: string) => readonly string[] {
  const { min = 0, max = Infinity, pattern, enum: values } = shape;
  const regExp = pattern === undefined ? undefined : regExpOf(pattern);
  const allowed = values === undefined ? undefined : new Set(values);
  const none: readonly string[] = [];
  return (value) => {
    const patternBroken = regExp !== undefined && !regExp.test(value);
    const enumBroken = allowed !== undefined && !allowed.has(value);
    // UTF-16 units bound the count from above and half of them from below: most values need no counting.
    const lengthSure = value.length <= max && value.length >= 2 * min;
    if (!patternBroken && !enumBroken && lengthSure) return none;
    const broken: string[] = [];
    if (enumBroken) broken.push(oneOf(values ?? [], dialect));
    if (patternBroken) broken.push(matches(pattern ?? ""));
    // More than twice as many units are too many characters, whatever they are: ten million need no counting.
    const length = value.length > 2 * max ? value.length : characters(value);
    if (length > max) broken.push(atMost(max));
    if (length < min) broken.push(atLeast(min));
    return broken;
  };
}

function compileString(shape: StringShape, member: string, dialect: Dialect): Check {
  const check = stringCheck(shape, dialect);
  const patternText = shape.pattern === undefined ? undefined : matches(shape.pattern);
  const sentence = shape.pattern === undefined ? undefined : dialect.patternSentence(member, shape.pattern);
  const tooShort = shape.min === undefined ? undefined : atLeast(shape.min);
  return (value, path, findings) => {
    for (const constraint of check(value as string)) {
      if (constraint === patternText && sentence !== undefined) findings.sentences.push(sentence);
      // An empty name is refused by its sentence alone.
      else if (constraint === tooShort && sentence !== undefined) continue;
      else note(printed(value, dialect, shape.sensitive), path, constraint, findings);
    }
  };
}

function compileNumber(shape: { min?: number; max?: number }, dialect: Dialect): Check | undefined {
  const { min = -Infinity, max = Infinity } = shape;
  if (min === -Infinity && max === Infinity) return undefined;
  return (value, path, findings) => {
    const number = value as number;
    const subject = printed(number, dialect, false);
    if (number > max) note(subject, path, `Member must have value less than or equal to ${max}`, findings);
    if (number < min) note(subject, path, `Member must have value greater than or equal to ${min}`, findings);
  };
}

/** Size of a list, map or blob. @param subject as messages name the value */
function checkSize(
  size: number,
  shape: { min?: number; max?: number },
  path: Path,
  findings: Findings,
  subject = "Value",
): void {
  if (shape.max !== undefined && size > shape.max) note(subject, path, atMost(shape.max), findings);
  if (shape.min !== undefined && size < shape.min) note(subject, path, atLeast(shape.min), findings);
}

/** Each member may be as long as it may; what they come to is what the server has to hold. */
function checkCharacters(members: readonly unknown[], shape: ListShape, path: Path, findings: Findings): void {
  const { maxCharacters: most } = shape;
  if (most !== undefined && charactersIn(members) > most) {
    note("Value", path, `Member must have at most ${most} characters in all`, findings);
  }
}

function charactersIn(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) for (const member of value) count += charactersIn(member);
  else for (const name in value) count += charactersIn((value as Readonly<Record<string, unknown>>)[name]);
  return count;
}

/** All constraints of a list's texts, as the framework shows them for the whole list. */
function memberConstraints(list: string, shape: StringShape, dialect: Dialect): string {
  const constraints: string[] = [];
  if (shape.enum !== undefined) constraints.push(oneOf(shape.enum, dialect));
  if (shape.max !== undefined) constraints.push(atMost(shape.max));
  if (shape.min !== undefined) constraints.push(atLeast(shape.min));
  if (shape.pattern !== undefined) constraints.push(matches(shape.pattern));
  if (saysNotNull.has(list)) constraints.push("Member must not be null");
  return `Member must satisfy constraint: [${constraints.join(", ")}]`;
}

/** Lists whose message says so of their members; that of others does not (recorded from AWS, LocalStack, 2026). */
const saysNotNull: ReadonlySet<string> = new Set(["TagKeys", "TransitiveTagKeys"]);

/** A list of texts: one clause for the list however many of its members are wrong. */
function compileTexts(shape: ListShape, member: StringShape, name: string, dialect: Dialect): Check {
  const check = stringCheck(member, dialect);
  const constraint = memberConstraints(name, member, dialect);
  return (value, path, findings) => {
    const texts = value as Texts;
    const outside = texts.length > (shape.max ?? Infinity) || texts.length < (shape.min ?? 0);
    const wrong = texts.some((text) => text === null || check(text).length > 0);
    checkCharacters(texts, shape, path, findings);
    if (!outside && !wrong) return;
    const subject = printedTexts(texts, member, dialect);
    checkSize(texts.length, shape, path, findings, subject);
    if (wrong) note(subject, path, constraint, findings);
  };
}

function compileList(shape: ListShape, name: string, dialect: Dialect): Check {
  if (shape.member.type === "string") return compileTexts(shape, shape.member, name, dialect);
  const check = compileShape(shape.member, "member", dialect);
  return (value, path, findings) => {
    const members = value as readonly unknown[];
    checkSize(members.length, shape, path, findings);
    checkCharacters(members, shape, path, findings);
    if (check === undefined) return;
    // Of a list that is too long no more are looked at beyond its end than could be told.
    const checked = Math.min(members.length, (shape.max ?? Infinity) + MAX_CLAUSES);
    for (let i = 0; i < checked; i++) checkAt(i + 1, check, members[i], path, findings);
  };
}

/** Checks what stands one step further down the path. */
function checkAt(
  step: string | number,
  check: Check | undefined,
  value: unknown,
  path: Path,
  findings: Findings,
): void {
  if (check === undefined) return;
  path.push(step);
  check(value, path, findings);
  path.pop();
}

function compileMap(shape: Shape & { type: "map" }, dialect: Dialect): Check {
  const checkKey = compileShape(shape.key, "key", dialect);
  const checkValue = compileShape(shape.value, "value", dialect);
  return (value, path, findings) => {
    const entries = Object.entries(value as Record<string, unknown>);
    checkSize(entries.length, shape, path, findings);
    entries.forEach(([key, item], i) => {
      checkAt(`entry.${i + 1}.key`, checkKey, key, path, findings);
      checkAt(`entry.${i + 1}.value`, checkValue, item, path, findings);
    });
  };
}

function compileStructure(shape: StructureShape, dialect: Dialect): Check {
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    required: member.required === true,
    check: compileShape(member.shape, name, dialect),
  }));
  const missing: Check = (_, path, findings) => {
    const fault = dialect.missing(findings.operation, path.length === 1 ? String(path[0]) : undefined);
    if (fault !== undefined) throw fault;
    note(dialect.printsValues ? "Value null" : "Value", path, "Member must not be null", findings);
  };
  return (value, path, findings) => {
    const structure = value as Readonly<Record<string, unknown>>;
    for (const { name, required, check } of members) {
      const item = structure[name];
      if (item === undefined ? !required : check === undefined) continue;
      checkAt(name, item === undefined ? missing : check, item, path, findings);
    }
  };
}

/** Undefined where a shape has nothing to check. */
function compileShape(shape: Shape, member: string, dialect: Dialect): Check | undefined {
  switch (shape.type) {
    case "string":
      return compileString(shape, member, dialect);
    case "integer":
    case "long":
    case "double":
      return compileNumber(shape, dialect);
    case "blob":
      return (value, path, findings) => checkSize((value as Uint8Array).length, shape, path, findings);
    case "list":
      return compileList(shape, member, dialect);
    case "map":
      return compileMap(shape, dialect);
    case "structure":
      return compileStructure(shape, dialect);
    default:
      return undefined;
  }
}

/**
 * Makes the check of one operation's input: it returns nothing, or throws the service's fault about everything that is
 * wrong at once.
 */
export function compileConstraints(
  operation: string,
  input: StructureShape,
  dialect: Dialect,
): (input: Readonly<Record<string, unknown>>) => void {
  const check = compileStructure(input, dialect);
  return (value) => {
    const findings: Findings = { operation, clauses: [], sentences: [] };
    check(value, [], findings);
    const { clauses, sentences } = findings;
    if (clauses.length > 0) {
      const count = `${clauses.length} validation error${clauses.length === 1 ? "" : "s"} detected`;
      throw new Fault(dialect.code, 400, `${count}: ${clauses.join("; ")}`);
    }
    if (sentences.length > 0) throw new Fault(dialect.code, 400, sentences[0] ?? "");
  };
}
