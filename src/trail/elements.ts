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

export function toElements(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Date) return cloudTrailDate(value);
  if (value instanceof Uint8Array) return "HIDDEN_DUE_TO_SECURITY_REASONS";
  if (Array.isArray(value)) return value.map(toElements);
  const elements: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || secret.has(name.toLowerCase())) continue;
    const shown = name === "Url" && typeof member === "string" ? withoutSignature(member) : member;
    elements[name.charAt(0).toLowerCase() + name.slice(1)] = toElements(shown);
  }
  return elements;
}

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

/** `Feb 12, 2025, 11:16:48 PM`, in UTC. */
export function cloudTrailDate(date: Date): string {
  const hour = date.getUTCHours();
  const minutes = String(date.getUTCMinutes()).padStart(2, "0");
  const seconds = String(date.getUTCSeconds()).padStart(2, "0");
  const day = `${months[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  return `${day}, ${hour % 12 === 0 ? 12 : hour % 12}:${minutes}:${seconds} ${hour < 12 ? "AM" : "PM"}`;
}
