import { LRUCache } from "lru-cache";

import { ownText } from "../text/own-text.ts";
import { quoted, quotedAfter } from "../wire/json-text.ts";

/**
 * CloudTrail's way of writing inputs and outputs: member names begin in lower case, times read
 * `Feb 12, 2025, 11:16:48 PM`, and nothing secret is there at all.
 */

/** Members that never reach the trail, by their lower-cased name, wherever they stand. */
const secret = new Set([
  "secretaccesskey",
  "sessiontoken",
  "password",
  "oldpassword",
  "newpassword",
  "tokencode",
  "webidentitytoken",
  "samlassertion",
  "privatekey",
  "headers",
  "signature",
]);

/** An input or output as JSON text. */
export function elementsText(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (value instanceof Date) return quoted(cloudTrailDate(value));
  if (value instanceof Uint8Array) return '"HIDDEN_DUE_TO_SECURITY_REASONS"';
  let text = "";
  if (Array.isArray(value)) {
    for (const member of value) text += text === "" ? elementsText(member) : `,${elementsText(member)}`;
    return `[${text}]`;
  }
  for (const name of Object.keys(value)) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member === undefined) continue;
    const key = keyOf(name);
    if (key === null) continue;
    const before = text === "" ? key.slice(1) : key;
    if (typeof member !== "string") text += before.slice(0, -1) + elementsText(member);
    else text += quotedAfter(before, name === "Url" ? withoutSignature(member) : member);
  }
  return `{${text}}`;
}

/** What stands before a member's text, `,"name":"`; null for a member that is secret. */
function keyOf(name: string): string | null {
  const known = keys.get(name);
  if (known !== undefined) return known.key;
  const lowered = name.charAt(0).toLowerCase() + name.slice(1);
  const key = secret.has(name.toLowerCase()) ? null : `,${quoted(lowered)}:"`;
  if (name.length <= longestKeptName) keys.set(ownText(name), { key });
  return key;
}

/** Nearly all names are members of contracts; the keys of maps are a client's, so there is an end. */
const keys = new LRUCache<string, { readonly key: string | null }>({ max: 2000 });
const longestKeptName = 200;

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
