/** Texts that have broken somebody's parser before, and the plain ones among which they hide. */
import type { Random } from "../random.ts";

/** Each is legal somewhere and an attack somewhere else. */
const classics: readonly string[] = [
  "",
  " ",
  "\0",
  "a\0b",
  "\u0001\u0008\u001f\u007f",
  "\r\n\r\nHTTP/1.1 200 OK",
  "\ud800",
  "x\udc00y",
  "\udfff\ud800",
  "\ufeff{}",
  "\uffff\ufffe",
  "\u202eevil",
  "\u212a\u017f\u0130\u0131",
  "a\u0301\u0301\u0301",
  "𝒳💥",
  "../../etc/passwd",
  "..%2f..%2f",
  "%00",
  "%",
  "%zz",
  "+",
  "*",
  "?",
  "**?*?*",
  "${aws:username}",
  "${",
  "${}",
  "${*}${?}${$}",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "]]>",
  "<![CDATA[x]]>",
  '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  "&amp;&lt;&#0;&#x1F;",
  "'; drop table users; --",
  '"\\"',
  "null",
  "undefined",
  "NaN",
  "-0",
  "1e309",
  "0x10",
  "9007199254740993",
  "99999999999999999999",
  "-2147483649",
  "2147483648",
  "true",
  "TRUE",
  "a".repeat(64),
  "a".repeat(65),
  "a".repeat(129),
  "/",
  "//",
  "/a",
  "/a/",
  "a/b/c",
  ".",
  "..",
  "member",
  "entry.1.key",
];

const arnParts = [
  "arn",
  "ARN",
  "aws",
  "aws-cn",
  "aws:",
  "",
  "iam",
  "sts",
  "*",
  "111122223333",
  "000000000000",
  "12345",
  "role",
  "user/x",
  "root",
  "role/",
  "policy/p",
  "assumed-role/r/s",
  "federated-user/f",
  "\0",
  "${x}",
  "a".repeat(600),
];

/** Something with colons in it that is seldom an ARN. */
export function arnLike(random: Random): string {
  return random.list(1, 8, () => random.pick(arnParts)).join(":");
}

const dates: readonly string[] = [
  "20260101T000000Z",
  "20261332T256199Z",
  "20260230T000000Z",
  "00000000T000000Z",
  "99991231T235959Z",
  "2026-01-01T00:00:00Z",
  "2026-01-01T00:00:00.999999999+14:00",
  "2026-01-01T24:00:00Z",
  "-000001-01-01T00:00:00Z",
  "+275760-09-13T00:00:00.001Z",
  "Thu, 01 Jan 1970 00:00:00 GMT",
  "Fri, 31 Feb 2026 99:00:00 GMT",
  "1767225600",
  "1e20",
  "now",
];

export function dateLike(random: Random): string {
  return random.pick(dates);
}

/** Mostly short; one in a hundred long, one in five thousand very long. */
export function hostileText(random: Random): string {
  const roll = random.below(5000);
  if (roll === 0) return "a".repeat(1_000_000 + random.below(2_000_000));
  if (roll < 50)
    return random.pick(["a", "/", "é", "*a", "💥", "\0", "<"]).repeat(random.pick([200, 513, 2049, 20_001]));
  if (roll < 700) return arnLike(random);
  if (roll < 1000) return dateLike(random);
  if (roll < 1500) return String.fromCodePoint(...random.list(1, 12, () => random.below(0x11_0000)));
  if (roll < 2000) return random.list(1, 4, () => random.pick(classics)).join("");
  return random.pick(classics);
}

/** The text as a form or a URL carries it; a lone surrogate as the bytes that a careless encoder writes. */
export function percent(text: string): string {
  if (!/\p{Cs}/u.test(text)) return encodeURIComponent(text);
  let encoded = "";
  for (const character of text) {
    const unit = character.codePointAt(0)!;
    if (unit >= 0xd800 && unit < 0xe000) {
      const bytes = [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 63), 0x80 | (unit & 63)];
      encoded += bytes.map((byte) => `%${byte.toString(16).toUpperCase()}`).join("");
    } else encoded += unit < 0x80 && /[\w.~-]/.test(character) ? character : encodeURIComponent(character);
  }
  return encoded;
}
