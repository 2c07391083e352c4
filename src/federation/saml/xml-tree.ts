import { SaxesParser } from "saxes";
import type { SaxesAttributeNS, SaxesTagNS } from "saxes";

/** The text is no XML, or has what no assertion needs and what changes how one is read. */
export class UnreadableXml extends Error {}

export interface Element {
  /** Namespace. */
  readonly uri: string;
  readonly local: string;
  /** Its own: one with a prefix is another's. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  /** What stands directly in it. */
  readonly text: string;
}

/** Nothing that an identity provider writes comes near; what is verified costs more with each of them. */
const mostDepth = 24;
const mostElements = 5000;
const mostAttributes = 64;

/** The names under which one element is found by a reference of a signature. */
const idNames: ReadonlySet<string> = new Set(["id", "Id", "ID"]);

/**
 * Reads XML into a tree. A document type, processing instructions, comments and CDATA are refused: parsers and
 * canonicalizers differ over them, and what was signed may read differently then (a processing instruction's text is
 * canonicalized as if it were the element's own by xml-crypto 6.3.2). So is an id that two elements have.
 *
 * @throws UnreadableXml
 */
export function readXml(text: string): Element {
  const reader = new TreeReader();
  return reader.read(text);
}

type Growing = Omit<Element, "children" | "text"> & { readonly children: Growing[]; text: string };

class TreeReader {
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #open: Growing[] = [];
  readonly #ids = new Set<string>();
  #root: Growing | null = null;
  #elements = 0;
  #attributes = 0;

  constructor() {
    const refuse = (what: string) => () => {
      throw new UnreadableXml(what);
    };
    this.#parser.on("error", (error) => {
      throw new UnreadableXml(error.message);
    });
    this.#parser.on("xmldecl", ({ version, encoding }) => requirePlain(version, encoding));
    this.#parser.on("doctype", refuse("a document type"));
    this.#parser.on("processinginstruction", refuse("a processing instruction"));
    this.#parser.on("comment", refuse("a comment"));
    this.#parser.on("cdata", refuse("a CDATA section"));
    this.#parser.on("opentagstart", () => void (this.#attributes = 0));
    this.#parser.on("attribute", () => this.#countAttribute());
    this.#parser.on("opentag", (tag) => this.#begin(tag));
    this.#parser.on("text", (read) => this.#take(read));
    this.#parser.on("closetag", () => void this.#open.pop());
  }

  read(text: string): Element {
    this.#parser.write(text).close();
    if (this.#root === null) throw new UnreadableXml("no element");
    return this.#root;
  }

  #countAttribute(): void {
    if (++this.#attributes > mostAttributes) throw new UnreadableXml(`more than ${mostAttributes} attributes`);
  }

  #begin(tag: SaxesTagNS): void {
    if (this.#open.length === mostDepth) throw new UnreadableXml(`more than ${mostDepth} elements in each other`);
    if (++this.#elements > mostElements) throw new UnreadableXml(`more than ${mostElements} elements`);
    const all = Object.values(tag.attributes);
    for (const { local, value } of all) if (idNames.has(local)) this.#claim(value);
    const element = { uri: tag.uri, local: tag.local, attributes: ownOf(all), children: [], text: "" };
    this.#open.at(-1)?.children.push(element);
    this.#root ??= element;
    this.#open.push(element);
  }

  #claim(id: string): void {
    if (this.#ids.has(id)) throw new UnreadableXml("an id that two elements have");
    this.#ids.add(id);
  }

  #take(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
  }
}

/** The bytes were read as UTF-8, and XML 1.1 has other characters. */
function requirePlain(version: string | undefined, encoding: string | undefined): void {
  if (version !== "1.0" || (encoding ?? "utf-8").toLowerCase() !== "utf-8") {
    throw new UnreadableXml("another version or encoding than XML 1.0 in UTF-8");
  }
}

function ownOf(attributes: readonly SaxesAttributeNS[]): ReadonlyMap<string, string> {
  const own = attributes.filter(({ prefix }) => prefix === "");
  return new Map(own.map(({ local, value }) => [local, value]));
}

/** All elements of a tree, in the order of the document. */
export function* within(element: Element): Generator<Element> {
  yield element;
  for (const child of element.children) yield* within(child);
}

export function childrenOf(element: Element, uri: string, local: string): readonly Element[] {
  return element.children.filter((child) => child.uri === uri && child.local === local);
}

/** The only child of a name; null where there is none. @throws UnreadableXml where there are several */
export function onlyChild(element: Element, uri: string, local: string): Element | null {
  const [first, second] = childrenOf(element, uri, local);
  if (second !== undefined) throw new UnreadableXml(`several ${local} where one may be`);
  return first ?? null;
}
