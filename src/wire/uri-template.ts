import { Fault } from "../contracts/fault.ts";

/**
 * The path of an operation with labels: `{Name}` stands for one segment, `{Name+}` for several, the last of which may be
 * empty (smithy.io/2.0/spec/http-bindings.html, httpLabel).
 */
export interface UriTemplate {
  readonly labels: readonly string[];
  /** @param path as it arrived, still encoded */
  matches(path: string): boolean;
  /**
   * The values of the labels, decoded.
   *
   * @throws Fault SerializationException for a value that is no UTF-8 in percent-encoding
   */
  read(path: string): Readonly<Record<string, string>>;
}

const label = /\{(\w+)(\+?)\}/g;

export function uriTemplate(uri: string): UriTemplate {
  if (uri.includes("?")) throw new Error(`${uri}: a query in the path of an operation is not read`);
  const labels: string[] = [];
  const pattern = uri
    .split(label)
    // Between the texts stand, by turns, names and what follows them.
    .map((part, index) => {
      if (index % 3 === 0) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
      if (index % 3 === 1) labels.push(part);
      return index % 3 === 1 ? "" : part === "+" ? "(.+)" : "([^/]+)";
    })
    .join("");
  const form = new RegExp(`^${pattern}$`);
  return {
    labels,
    matches: (path) => form.test(path),
    read(path) {
      const values = form.exec(path);
      if (values === null) throw new Error(`${path} is not of the form ${uri}`);
      return Object.fromEntries(labels.map((name, index) => [name, decoded(values[index + 1]!, name)]));
    },
  };
}

function decoded(text: string, name: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new Fault("SerializationException", 400, `${name} in the path is not UTF-8 in percent-encoding.`, { cause });
  }
}
