/** The head of a plain request: what every AWS SDK sends, in the one form that nobody reads in two ways. */
export interface PlainHead {
  readonly method: "GET" | "POST";
  /** Path and query as they were sent. */
  readonly target: string;
  /** Name, value, name, value … as they were sent; values are byte strings. */
  readonly headers: readonly string[];
  /** Names alone; the very list of the request before where they are the same. */
  readonly names: readonly string[];
  readonly host: string;
  authorization: string | undefined;
  contentType: string | undefined;
  accept: string | undefined;
  operationTarget: string | undefined;
  userAgent: string | undefined;
  referer: string | undefined;
  /** Bytes of the head with the empty line behind it. */
  readonly size: number;
  /** Bytes of the body. */
  readonly bodySize: number;
}

/** Bytes of a head and the empty line behind it; a longer one is not plain. */
const longestHead = 16_384;
const headEnd = Buffer.from("\r\n\r\n");
const capitalG = 0x47;
const capitalP = 0x50;

/**
 * One form of each thing: an absolute path, HTTP/1.1, one space behind a colon, values that are neither empty nor begin or
 * end with white space, no tabs, no control characters, no folded lines (RFC 9112 §2–5 allows more).
 */
const plain =
  /^(?:GET|POST) \/[!-"$-~]* HTTP\/1\.1\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+: [!-~\x80-\xff][ -~\x80-\xff]*\r\n)+$/;
const sizeForm = /^(?:0|[1-9][0-9]{0,5})$/;

/**
 * @param before names of the headers of the request before it on the same connection: they are mostly the same
 * @returns the head; "more" where it is not there to its end yet; "other" where it is anything but plain, and somebody
 *   else has to read it
 */
export function readPlainHead(bytes: Buffer, before: readonly string[] = none): PlainHead | "more" | "other" {
  if (bytes[0] !== capitalG && bytes[0] !== capitalP) return "other";
  // Of a long pipeline only the head is made a text.
  const end = bytes.indexOf(headEnd);
  if (end < 0) return bytes.length < longestHead ? "more" : "other";
  if (end > longestHead) return "other";
  const text = bytes.toString("latin1", 0, end + "\r\n".length);
  if (!plain.test(text)) return "other";
  return readLines(bytes, text, before) ?? "other";
}

const none: readonly string[] = [];

/**
 * @param text the head in `bytes`, of the form `plain`
 * @returns null where its headers say something that is not plain
 */
function readLines(bytes: Buffer, text: string, before: readonly string[]): PlainHead | null {
  const post = text.charCodeAt(0) === capitalP;
  let at = text.indexOf("\r\n");
  const target = text.slice(post ? 5 : 4, at - " HTTP/1.1".length);
  const found = new Found();
  const headers: string[] = [];
  let same = true;
  for (at += 2; at < text.length;) {
    const end = text.indexOf("\r\n", at);
    if (text.charCodeAt(end - 1) === 0x20) return null;
    const known = before[headers.length >> 1];
    const name = nameAt(text, at, known);
    if (name !== known) same = false;
    const start = at + name.length + 2;
    // Parts of credentials are kept for as long as they are good, and a part of the head's text would keep all of it.
    const value = keptLengths.has(name.length) ? bytes.toString("latin1", start, end) : text.slice(start, end);
    if (!found.note(name, value)) return null;
    headers.push(name, value);
    at = end + 2;
  }
  const { host, contentLength } = found;
  if (host === undefined) return null;
  // A body without a length has none (RFC 9112 §6.3); a GET with one is somebody else's to judge.
  if (contentLength !== undefined && (!post || !sizeForm.test(contentLength))) return null;
  return {
    method: post ? "POST" : "GET",
    target,
    headers,
    names: same && headers.length === 2 * before.length ? before : namesOf(headers),
    host,
    authorization: found.authorization,
    contentType: found.contentType,
    accept: found.accept,
    operationTarget: found.operationTarget,
    userAgent: found.userAgent,
    referer: found.referer,
    size: text.length + "\r\n".length,
    bodySize: contentLength === undefined ? 0 : Number(contentLength),
  };
}

/** Texts of their own: a part of the head's text would keep all of it for as long as the connection is idle. */
function namesOf(headers: readonly string[]): readonly string[] {
  return headers.filter((_, index) => index % 2 === 0).map((name) => Buffer.from(name, "latin1").toString("latin1"));
}

/** Lengths of Authorization and X-Amz-Security-Token. */
const keptLengths: ReadonlySet<number> = new Set([13, 20]);

/** The name before the next colon: the very text that was read before, where it is the same. */
function nameAt(text: string, at: number, before: string | undefined): string {
  if (before !== undefined && text.charCodeAt(at + before.length) === 0x3a && text.startsWith(before, at))
    return before;
  return text.slice(at, text.indexOf(":", at));
}

/** The headers that mean something to the connection or to the pipeline. Those that only a signature covers pass by. */
class Found {
  host: string | undefined;
  authorization: string | undefined;
  contentType: string | undefined;
  accept: string | undefined;
  operationTarget: string | undefined;
  userAgent: string | undefined;
  referer: string | undefined;
  contentLength: string | undefined;

  /** @returns false for what is not plain: a second one of its name, or one that changes how the request is read */
  note(name: string, value: string): boolean {
    switch (name.length) {
      case 4:
        if (name.toLowerCase() !== "host") return true;
        if (this.host !== undefined) return false;
        this.host = value;
        return true;
      case 6:
        return this.#ofSix(name.toLowerCase(), value);
      case 7:
        return this.#ofSeven(name.toLowerCase(), value);
      case 10:
        return this.#ofTen(name.toLowerCase(), value);
      case 12:
        return this.#ofTwelve(name.toLowerCase(), value);
      case 13:
        if (name.toLowerCase() !== "authorization") return true;
        if (this.authorization !== undefined) return false;
        this.authorization = value;
        return true;
      case 14:
        if (name.toLowerCase() !== "content-length") return true;
        if (this.contentLength !== undefined) return false;
        this.contentLength = value;
        return true;
      case 16:
        return name.toLowerCase() !== "proxy-connection";
      case 17:
        return name.toLowerCase() !== "transfer-encoding";
      default:
        return true;
    }
  }

  #ofSix(name: string, value: string): boolean {
    if (name !== "accept") return name !== "expect";
    if (this.accept !== undefined) return false;
    this.accept = value;
    return true;
  }

  #ofSeven(name: string, value: string): boolean {
    if (name === "upgrade" || name === "trailer") return false;
    if (name !== "referer") return true;
    if (this.referer !== undefined) return false;
    this.referer = value;
    return true;
  }

  #ofTen(name: string, value: string): boolean {
    if (name === "connection") return value === "keep-alive" || value.toLowerCase() === "keep-alive";
    if (name !== "user-agent") return true;
    if (this.userAgent !== undefined) return false;
    this.userAgent = value;
    return true;
  }

  #ofTwelve(name: string, value: string): boolean {
    if (name === "content-type") {
      if (this.contentType !== undefined) return false;
      this.contentType = value;
    } else if (name === "x-amz-target") {
      if (this.operationTarget !== undefined) return false;
      this.operationTarget = value;
    }
    return true;
  }
}
