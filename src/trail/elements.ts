import type { SecretParts, Secrets } from "../contracts/secrets.ts";
import { ownText } from "../text/own-text.ts";
import { shorten } from "../text/shorten.ts";
import { quoted, quotedAfter } from "../wire/json-text.ts";

/**
 * CloudTrail's way of writing inputs and outputs: member names begin in lower case, times read
 * `Feb 12, 2025, 11:16:48 PM`, and nothing secret is there at all.
 */

/**
 * Members that never reach the trail, by their lower-cased name, wherever they stand. What is secret in an operation its
 * contract says (contracts/secrets.ts); this is a second net, and has what the models forget: session tokens, codes.
 */
const secret = new Set([
  "secretaccesskey",
  "sessiontoken",
  "password",
  "oldpassword",
  "newpassword",
  "tokencode",
  "authenticationcode1",
  "authenticationcode2",
  "webidentitytoken",
  "samlassertion",
  "contextassertion",
  "privatekey",
  "headers",
  "signature",
]);

/** JSON text, and whether it is less than there was. */
export interface ElementsText {
  readonly text: string;
  readonly omitted: boolean;
}

/** No shape of a contract nests so deep. */
const mostDepth = 32;
/** JSON takes at most six characters for a UTF-16 unit (`\u0000`), and two quotation marks. */
const mostPerUnit = 6;

/** What the text that is being made may still grow by; nothing waits in between, so one will do for all. */
let left = 0;
let omitted = false;

/**
 * An input or output.
 *
 * @param secrets what of it the operation's contract says is secret
 * @param most characters, about: members that stand beyond are left out, and a text that reaches beyond is cut
 */
export function elementsText(value: unknown, secrets: Secrets, most: number): ElementsText {
  left = most;
  omitted = false;
  const text = secrets === "all" ? "null" : valueText(value, secrets, 0);
  return { text, omitted };
}

function valueText(value: unknown, secrets: SecretParts | null, depth: number): string {
  if (typeof value === "string") return textAfter('"', value);
  if (value === null || typeof value !== "object") return counted(JSON.stringify(value) ?? "null");
  if (value instanceof Date) return counted(quoted(cloudTrailDate(value)));
  if (value instanceof Uint8Array) return counted('"HIDDEN_DUE_TO_SECURITY_REASONS"');
  // Both brackets and a comma.
  left -= 3;
  if (depth === mostDepth) {
    omitted = true;
    return "null";
  }
  if (!Array.isArray(value)) return structureText(value, secrets, depth + 1);
  return listText(value, secrets === null ? null : secrets.each, depth + 1);
}

function listText(list: readonly unknown[], secrets: SecretParts | null, depth: number): string {
  let text = "";
  for (const member of list) {
    if (isSpent()) break;
    text += text === "" ? valueText(member, secrets, depth) : `,${valueText(member, secrets, depth)}`;
  }
  return `[${text}]`;
}

/** Also of a map, whose values have their secrets in common. */
function structureText(structure: object, secrets: SecretParts | null, depth: number): string {
  let text = "";
  for (const name of Object.keys(structure)) {
    const member = (structure as Readonly<Record<string, unknown>>)[name];
    if (member === undefined) continue;
    const key = keyOf(name);
    const within = secrets === null ? null : (secrets.members.get(name) ?? secrets.each);
    if (key === null || within === "all") continue;
    if (isSpent()) break;
    const before = text === "" ? key.slice(1) : key;
    if (typeof member === "string") text += textAfter(before, name === "Url" ? withoutSignature(member) : member);
    else {
      left -= before.length;
      text += before.slice(0, -1) + valueText(member, within, depth);
    }
  }
  return `{${text}}`;
}

/** With the comma that stands before most. */
function counted(text: string): string {
  left -= text.length + 1;
  return text;
}

function isSpent(): boolean {
  if (left > 0) return false;
  omitted = true;
  return true;
}

/** A text behind what stands before it, as far as there is room. */
function textAfter(before: string, text: string): string {
  const written = text.length <= left ? quotedAfter(before, text) : null;
  if (written !== null && written.length - before.length <= left) {
    return counted(written);
  }
  omitted = true;
  const cut = quotedAfter(before, shorten(text, Math.floor(Math.max(0, left) / mostPerUnit)));
  left = 0;
  return cut;
}

/** What stands before a member's text, `,"name":"`; null for a member that is secret. */
function keyOf(name: string): string | null {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const lowered = name.charAt(0).toLowerCase() + name.slice(1);
  const key = secret.has(name.toLowerCase()) ? null : `,${quoted(shorten(lowered, longestKey))}:"`;
  if (name.length <= longestName && keys.size < keyLimit) keys.set(ownText(name), key);
  return key;
}

/** Nearly all names are members of contracts; the keys of maps are a client's, so there is an end. */
const keys = new Map<string, string | null>();
const keyLimit = 2000;
/** Of those that are kept here. */
const longestName = 200;
/** The longest key that a contract has, that of a context entry. */
const longestKey = 512;

const secretParameters = new Set(["x-amz-signature", "x-amz-security-token"]);

/**
 * A presigned URL is a credential until it expires: its signature and token stay out, however their names are spelt
 * (`X-Amz-Signatur%65` counts as the signature, too).
 */
function withoutSignature(url: string): string {
  return url.replace(/([^?&=]+)=([^&]*)/g, (pair, name: string) => (isSecret(name) ? `${name}=HIDDEN` : pair));
}

function isSecret(encodedName: string): boolean {
  try {
    return secretParameters.has(decodeURIComponent(encodedName).toLowerCase());
  } catch {
    return true;
  }
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

let lastTime = Number.NaN;
let lastText = "";

/** `Feb 12, 2025, 11:16:48 PM`, in UTC. Sessions of one second mostly end in one second, too: the last text is kept. */
export function cloudTrailDate(date: Date): string {
  const time = date.getTime();
  if (time !== lastTime) {
    lastText = dateText(date);
    lastTime = time;
  }
  return lastText;
}

function dateText(date: Date): string {
  const hour = date.getUTCHours();
  const minutes = String(date.getUTCMinutes()).padStart(2, "0");
  const seconds = String(date.getUTCSeconds()).padStart(2, "0");
  const day = `${months[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  return `${day}, ${hour % 12 === 0 ? 12 : hour % 12}:${minutes}:${seconds} ${hour < 12 ? "AM" : "PM"}`;
}
