/** What a request is for, as its first line says (RFC 9112 §3.2). */
export interface RequestTarget {
  /** Path and query as they were sent; `*` where the whole server is meant. */
  readonly target: string;
  /** Host and port of a target that names them: they stand for those of the Host header, which is not looked at then. */
  readonly authority: string | undefined;
}

const slash = 0x2f;

/** What no target holds: a fragment is the client's own, and the others end or hide something for somebody on the way. */
const never = /[#\0-\x20\x7f\\]/;

/** Scheme, authority, path and query. A user before the host is none of a server's (RFC 9110 §4.2.4). */
const absolute = /^https?:\/\/((?:[\w.~!$&'()*+,;=%-]+|\[[\dA-Fa-f:.]+\])(?::\d{1,5})?)((?:\/[^?]*)?(?:\?.*)?)$/is;

/**
 * Reads a target in each of its forms: origin-form (`/path?query`), absolute-form (`http://host/path?query`), whose
 * authority replaces the Host header (§3.2.2), and `*` of OPTIONS (§3.2.4).
 *
 * @returns null for what has none of these forms: nobody may read such a request in two ways
 */
export function readTarget(method: string, text: string): RequestTarget | null {
  if (never.test(text)) return null;
  if (text.charCodeAt(0) === slash) return { target: text, authority: undefined };
  if (text === "*") return method === "OPTIONS" ? { target: text, authority: undefined } : null;
  const parts = absolute.exec(text);
  if (parts === null) return null;
  const [, authority = "", rest = ""] = parts;
  // An empty path is the same as "/" (RFC 9110 §4.2.3).
  return { target: rest.startsWith("/") ? rest : `/${rest}`, authority };
}

/** Of two Hosts everybody on the way may have looked at another one (RFC 9112 §3.2): such a request is refused. */
export function namesOneHost(headers: readonly string[]): boolean {
  let hosts = 0;
  for (let index = 0; index < headers.length; index += 2) if (headers[index]!.toLowerCase() === "host") hosts++;
  return hosts <= 1;
}

/** The headers with what a target names in the place of Host. @param headers name, value, name, value … */
export function headersFor({ authority }: RequestTarget, headers: readonly string[]): readonly string[] {
  if (authority === undefined) return headers;
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (headers[index]!.toLowerCase() !== "host") kept.push(headers[index]!, headers[index + 1]!);
  }
  return ["Host", authority, ...kept];
}
