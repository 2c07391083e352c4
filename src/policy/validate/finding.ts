import type { JsonNode, JsonPath, Position } from "../../json/read.ts";
import { formatPath, pathTo } from "../../json/read.ts";
import { checks } from "./catalogue.ts";
import type { FindingType } from "./catalogue/check.ts";

/** Codes are AWS's issue codes; the few of our own are named in `catalogue.ts`. */
export type IssueCode = keyof typeof checks;

export interface Finding {
  readonly type: FindingType;
  readonly code: IssueCode;
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** `Statement[0].Action[1]`; empty at the root. */
  readonly path: string;
  readonly start: Position;
  /** After the last character. */
  readonly end: Position;
}

function filled(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

/** Collects the findings of one text. */
export class Report {
  readonly #text: string;
  readonly #root: JsonNode | null;
  readonly #findings: Finding[] = [];
  readonly #lineStarts: number[] = [0];

  /** Without a root (the text is not JSON) only `addAt` can be used. */
  constructor(text: string, root: JsonNode | null) {
    this.#text = text;
    this.#root = root;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#lineStarts.push(at + 1);
  }

  /** `values` fill the `{names}` of the check's message. */
  add(code: IssueCode, node: JsonNode, values: Readonly<Record<string, string | number>> = {}): void {
    const path = this.#root === null ? null : pathTo(this.#root, node);
    this.addAt(code, path ?? [], node.start, node.end, values);
  }

  addAt(
    code: IssueCode,
    path: JsonPath,
    start: number,
    end: number,
    values: Readonly<Record<string, string | number>> = {},
  ): void {
    const { type, message, fix } = checks[code];
    this.#findings.push({
      type,
      code,
      message: filled(message, values),
      fix: filled(fix, values),
      path: formatPath(path),
      start: this.#position(start),
      end: this.#position(end),
    });
  }

  get hasError(): boolean {
    return this.#findings.some(({ type }) => type === "ERROR");
  }

  /** In the order of the text. */
  findings(): Finding[] {
    return this.#findings.toSorted((a, b) => a.start.offset - b.start.offset);
  }

  /** The size of the text without the white space between its tokens and in its strings, as AWS counts it. */
  get size(): number {
    return this.#text.replaceAll(/\s/g, "").length;
  }

  #position(offset: number): Position {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#lineStarts[low]! + 1, offset };
  }
}
