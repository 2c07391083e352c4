/** Answers of the query protocol as they came: elements in their order, and the values that a client reads from them. */
import type { OperationContract, Shape } from "../../../src/contracts/model.ts";

export interface Element {
  readonly name: string;
  readonly children: readonly Element[];
  readonly text: string;
}

/** The one element of an answer. Attributes are passed over. */
export function parseXml(text: string): Element {
  const root = { name: "", children: [] as Element[], text: "" };
  const open = [root];
  for (const [, close, name, empty, inside] of text.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>|([^<]+)/g)) {
    const top = open.at(-1)!;
    if (inside !== undefined) top.text += unescapeXml(inside);
    else if (close === "/") open.pop();
    else {
      const element = { name: name!, children: [], text: "" };
      top.children.push(element);
      if (empty === "") open.push(element);
    }
  }
  return root.children[0]!;
}

/** The output of an operation, by its contract; what the contract does not have fails. */
export function outputOf(answer: Element, { name, output }: OperationContract): unknown {
  const result = answer.children.find((child) => child.name === `${name}Result`);
  return result === undefined ? {} : valueOf(result, output);
}

function valueOf(element: Element, shape: Shape): unknown {
  switch (shape.type) {
    case "structure":
      return Object.fromEntries(element.children.map((child) => [child.name, member(child, shape.members)]));
    case "list":
      return element.children.map((item) => valueOf(item, shape.member));
    case "map":
      return Object.fromEntries(
        element.children.map(({ children: [key, value] }) => [key!.text, valueOf(value!, shape.value)]),
      );
    case "integer":
    case "long":
    case "double":
      return Number(element.text);
    case "boolean":
      return element.text === "true";
    default:
      return element.text;
  }
}

function member(element: Element, members: Readonly<Record<string, { readonly shape: Shape }>>): unknown {
  const known = members[element.name];
  if (known === undefined) throw new Error(`the contract has no ${element.name}`);
  return valueOf(element, known.shape);
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (_, decimal?: string, hex?: string, name?: string) =>
    name === undefined
      ? String.fromCodePoint(decimal === undefined ? parseInt(hex!, 16) : Number(decimal))
      : entities[name]!,
  );
}
