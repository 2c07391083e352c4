import { recodeQueryComponent } from "./uri-encoding.ts";

/** One parameter of a query, name and value in canonical encoding. */
export interface QueryParameter {
  readonly name: string;
  readonly value: string;
}

/**
 * The parameters of a raw query in the order they were sent. A parameter without `=` has the empty value; empty
 * segments (`a&&b`) are no parameters.
 * @throws EncodingError for a broken escape or a character above U+00FF
 */
export function queryParameters(query: string): QueryParameter[] {
  const parameters: QueryParameter[] = [];
  for (const segment of query.split("&")) {
    if (segment === "") continue;
    const equals = segment.indexOf("=");
    parameters.push({
      name: recodeQueryComponent(equals < 0 ? segment : segment.slice(0, equals)),
      value: equals < 0 ? "" : recodeQueryComponent(segment.slice(equals + 1)),
    });
  }
  return parameters;
}

/**
 * The canonical query string: sorted by encoded name, then by encoded value (AWS "Create a canonical request").
 * @param leaveOut names that are sent but not signed, the signature itself above all
 */
export function canonicalQuery(parameters: readonly QueryParameter[], leaveOut: ReadonlySet<string>): string {
  return parameters
    .filter((parameter) => !leaveOut.has(parameter.name))
    .sort(byNameThenValue)
    .map((parameter) => `${parameter.name}=${parameter.value}`)
    .join("&");
}

// Encoded text is ASCII, so the order of UTF-16 units is the order of bytes.
function byNameThenValue(a: QueryParameter, b: QueryParameter): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return 0;
}
