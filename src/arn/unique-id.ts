/**
 * Unique ids (AROA…, AIDA…) and access key ids (AKIA…, ASIA…).
 *
 * After the four-character prefix comes base32 (A–Z2–7): one set bit, the account id in 40 bits, then
 * random bits. Ids of access keys and of SSH public keys have 20 characters, unique ids 21. That an id carries its
 * account is observable on AWS (sts:GetAccessKeyInfo answers from the key id alone).
 */
export type UniqueIdPrefix = "ACCA" | "AGPA" | "AIDA" | "AIPA" | "ANPA" | "ANVA" | "AROA" | "ASCA";
export type AccessKeyPrefix = "AKIA" | "APKA" | "ASIA";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Random bytes needed by one id. */
export const idRandomBytes = 12;

export function uniqueId(prefix: UniqueIdPrefix, account: string, random: Uint8Array): string {
  return prefix + encode(account, random, 17);
}

export function accessKeyId(prefix: AccessKeyPrefix, account: string, random: Uint8Array): string {
  return prefix + encode(account, random, 16);
}

/** Ids of SAML providers and of their private keys, which carry no account. @param random 16 bytes */
export function samlId(prefix: "SAMLSP" | "SAMLPK", random: Uint8Array): string {
  return prefix + Array.from(random, (byte) => alphabet[byte & 31]).join("");
}

/** The eight characters that all ids of an account share; the ninth begins with the account's last bit. */
const heads = new Map<string, string>();
const headLimit = 10_000;

function encode(account: string, random: Uint8Array, length: number): string {
  let text = heads.get(account) ?? rememberHead(account);
  const lastBit = Number(account[account.length - 1]) & 1;
  text += alphabet[(lastBit << 4) | (random[0]! & 15)];
  for (let index = 9; index < length; index++) text += alphabet[random[index - 8]! & 31];
  return text;
}

/** 40 of the 41 leading bits: the marker bit, and the account but for its last bit. */
function rememberHead(account: string): string {
  let bits = ((1n << 40n) | BigInt(account)) >> 1n;
  let text = "";
  for (let index = 0; index < 8; index++) {
    text = alphabet[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  if (heads.size >= headLimit) heads.clear();
  heads.set(account, text);
  return text;
}

/** The account that an access key id or unique id carries; null where the text is not such an id. */
export function accountOfId(id: string): string | null {
  if (!/^[A-Z]{4}[A-Z2-7]{16,17}$/.test(id)) return null;
  let bits = 0n;
  for (let index = 4; index < 13; index++) bits = (bits << 5n) | BigInt(alphabet.indexOf(id[index]!));
  bits >>= 4n;
  if (bits >> 40n !== 1n) return null;
  const account = (bits & ((1n << 40n) - 1n)).toString().padStart(12, "0");
  return account.length === 12 ? account : null;
}

/** Whether a text has the form of a unique id, as it stands in policies for a deleted principal. */
export function isUniqueId(text: string): boolean {
  return /^A[A-Z]{3}[A-Z2-7]{16,17}$/.test(text);
}
