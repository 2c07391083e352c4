/**
 * A JSON reader (RFC 8259) that keeps where every node stands, for messages and for replacing a value in place.
 *
 * Stricter than JSON.parse where leniency lets two readers disagree about one document: a repeated key, a NUL, a lone
 * surrogate, a byte order mark and text after the end are refused. Time is linear in the length of the text, and depth
 * is limited, so that a hostile document costs what a good one costs.
 */

interface Span {
  /** Offset of the first UTF-16 unit. */
  readonly start: number;
  /** Offset after the last one. */
  readonly end: number;
}

export interface JsonString extends Span {
  readonly kind: "string";
  readonly value: string;
}
export interface JsonNumber extends Span {
  readonly kind: "number";
  /** As written, so that no precision is lost. */
  readonly text: string;
}
export interface JsonBoolean extends Span {
  readonly kind: "boolean";
  readonly value: boolean;
}
export interface JsonNull extends Span {
  readonly kind: "null";
}
export interface JsonArray extends Span {
  readonly kind: "array";
  readonly items: readonly JsonNode[];
}
export interface JsonMember {
  readonly key: JsonString;
  readonly value: JsonNode;
}
export interface JsonObject extends Span {
  readonly kind: "object";
  /** In document order; keys are distinct. */
  readonly members: readonly JsonMember[];
}
export type JsonNode = JsonString | JsonNumber | JsonBoolean | JsonNull | JsonArray | JsonObject;

/** Steps from the root of a document to a node: member names and list indexes. */
export type JsonPath = readonly (string | number)[];

/** Line and column are 1-based; the column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A text that is not JSON, or JSON that is not a policy document. */
export class PolicySyntaxError extends Error {
  /** `Statement[0].Action`; empty at the root. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  constructor(message: string, path: JsonPath, position: Position) {
    super(message);
    this.name = "PolicySyntaxError";
    this.path = formatPath(path);
    this.line = position.line;
    this.column = position.column;
    this.offset = position.offset;
  }
}

/** Deepest nesting of objects and lists; a policy needs six. */
const depthLimit = 32;

/** Reads a whole text as one JSON value. Throws PolicySyntaxError. */
export function readJson(text: string): JsonNode {
  return new Reader(text).document();
}

/** Line and column of an offset. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let next = text.indexOf("\n"); next >= 0 && next < offset; next = text.indexOf("\n", lineStart)) {
    line++;
    lineStart = next + 1;
  }
  return { line, column: offset - lineStart + 1, offset };
}

/** Renders a path as `Statement[0].Condition.StringEquals["aws:username"]`. */
export function formatPath(path: JsonPath): string {
  let out = "";
  for (const step of path) {
    if (typeof step === "number") out += `[${step}]`;
    else if (/^\w+$/.test(step)) out += out === "" ? step : `.${step}`;
    else out += `[${JSON.stringify(step)}]`;
  }
  return out;
}

/** Steps from `root` to `node` by identity; null when the node is not within. Logarithmic in the length of lists. */
export function pathTo(root: JsonNode, node: JsonNode): JsonPath | null {
  const path: (string | number)[] = [];
  for (let at: JsonNode = root; at !== node;) {
    if (at.kind === "array") {
      const index = firstEndingAfter(at.items, node.start, (item) => item.end);
      const item = at.items[index];
      if (item === undefined) return null;
      path.push(index);
      at = item;
    } else if (at.kind === "object") {
      const member: JsonMember | undefined =
        at.members[firstEndingAfter(at.members, node.start, ({ value }) => value.end)];
      if (member === undefined) return null;
      path.push(member.key.value);
      if (member.key === node) break;
      at = member.value;
    } else return null;
  }
  return path;
}

/** Index of the first entry that ends after an offset; entries stand in the order of the text. */
function firstEndingAfter<T>(entries: readonly T[], offset: number, endOf: (entry: T) => number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endOf(entries[middle]!) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The value of a member by exact name. */
export function memberOf(object: JsonObject, name: string): JsonNode | undefined {
  for (const { key, value } of object.members) if (key.value === name) return value;
  return undefined;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** In a unicode pattern a surrogate pair is one character, so that this finds unpaired ones only. */
const loneSurrogate = /\p{Surrogate}/u;

const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class Reader {
  readonly #text: string;
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#refuse("a byte order mark is not allowed", 0);
    this.#space();
    const node = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#refuse("text after the end of the document", this.#at);
    return node;
  }

  #value(): JsonNode {
    const start = this.#at;
    switch (this.#text[start]) {
      case "{":
        return this.#object(start);
      case "[":
        return this.#array(start);
      case '"':
        return this.#string();
      case "t":
        this.#word("true");
        return { kind: "boolean", start, end: this.#at, value: true };
      case "f":
        this.#word("false");
        return { kind: "boolean", start, end: this.#at, value: false };
      case "n":
        this.#word("null");
        return { kind: "null", start, end: this.#at };
      case undefined:
        return this.#refuse("the document ends where a value is expected", start);
      default:
        return this.#number(start);
    }
  }

  #object(start: number): JsonObject {
    const members: JsonMember[] = [];
    const seen = new Set<string>();
    this.#open("}");
    if (!this.#closed("}")) {
      do {
        this.#space();
        if (this.#text[this.#at] !== '"') this.#refuse("a member name in double quotes is expected", this.#at);
        const key = this.#string();
        if (seen.has(key.value)) this.#refuse(`the key ${JSON.stringify(key.value)} is repeated`, key.start);
        seen.add(key.value);
        this.#space();
        if (this.#text[this.#at] !== ":") this.#refuse("a colon is expected", this.#at);
        this.#at++;
        this.#space();
        this.#path.push(key.value);
        members.push({ key, value: this.#value() });
        this.#path.pop();
      } while (this.#more("}"));
    }
    return { kind: "object", start, end: this.#at, members };
  }

  #array(start: number): JsonArray {
    const items: JsonNode[] = [];
    this.#open("]");
    if (!this.#closed("]")) {
      do {
        this.#space();
        this.#path.push(items.length);
        items.push(this.#value());
        this.#path.pop();
      } while (this.#more("]"));
    }
    return { kind: "array", start, end: this.#at, items };
  }

  #open(end: "}" | "]"): void {
    // The path has one step for each container that this one stands in.
    if (this.#path.length >= depthLimit) this.#refuse(`nested deeper than ${depthLimit} levels`, this.#at);
    this.#at++;
    this.#space();
    if (this.#at >= this.#text.length) this.#refuse(`the document ends where ${end} is expected`, this.#at);
  }

  #closed(end: "}" | "]"): boolean {
    if (this.#text[this.#at] !== end) return false;
    this.#at++;
    return true;
  }

  #more(end: "}" | "]"): boolean {
    this.#space();
    if (this.#closed(end)) return false;
    if (this.#text[this.#at] !== ",") this.#refuse(`a comma or ${end} is expected`, this.#at);
    this.#at++;
    return true;
  }

  #string(): JsonString {
    const text = this.#text;
    const start = this.#at++;
    let value = "";
    let from = this.#at;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === 0x22) break;
      // NaN (the end of the text) fails every comparison, hence the negated form.
      if (!(code >= 0x20)) this.#refuse("a string is not closed, or has a raw control character", this.#at);
      if (code === 0x5c) {
        value += text.slice(from, this.#at) + this.#escape();
        from = this.#at;
      } else this.#at++;
    }
    value += text.slice(from, this.#at++);
    if (loneSurrogate.test(value)) this.#refuse("a string has a lone surrogate", start);
    if (value.includes("\0")) this.#refuse("a string has a NUL character", start);
    return { kind: "string", start, end: this.#at, value };
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? "";
    if (letter === "u") {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#refuse("four hexadecimal digits are expected after \\u", this.#at);
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const plain = escapes[letter];
    if (plain === undefined) return this.#refuse("an unknown escape in a string", this.#at);
    this.#at += 2;
    return plain;
  }

  #number(start: number): JsonNumber {
    numberForm.lastIndex = start;
    const match = numberForm.exec(this.#text);
    if (match === null) return this.#refuse("a JSON value is expected", start);
    this.#at = start + match[0].length;
    return { kind: "number", start, end: this.#at, text: match[0] };
  }

  #word(word: string): void {
    if (!this.#text.startsWith(word, this.#at)) this.#refuse("a JSON value is expected", this.#at);
    this.#at += word.length;
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #refuse(message: string, offset: number): never {
    throw new PolicySyntaxError(message, this.#path, positionAt(this.#text, offset));
  }
}
