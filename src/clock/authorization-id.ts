/**
 * A request's authorization id: the id by which AWS tells why it refused a request. Those of AWS are 128 bits in base 36
 * (seen in its answers, September 2026: up to 25 characters, the first of 25 never beyond `f`). Here the bits are those of
 * the request's own id, so that each is found from the other and nothing is kept for it, however many are refused.
 */

const length = 25;
const requestIds = 1n << 128n;
const authorizationId = /^[0-9a-z]{25}$/;
const hexadecimal = /^[0-9a-f]{32}$/;

/** @param requestId a UUID */
export function authorizationIdOf(requestId: string): string {
  return BigInt(`0x${requestId.replaceAll("-", "")}`)
    .toString(36)
    .padStart(length, "0");
}

/**
 * The UUID of a request; null where the text is no id of one.
 *
 * @param id an authorization id, or the request's own id without its hyphens: not every answer has an authorization id
 */
export function requestIdOf(id: string): string | null {
  if (hexadecimal.test(id)) return uuidOf(id);
  if (!authorizationId.test(id)) return null;
  let bits = 0n;
  for (const digit of id) bits = bits * 36n + BigInt(Number.parseInt(digit, 36));
  return bits < requestIds ? uuidOf(bits.toString(16).padStart(32, "0")) : null;
}

function uuidOf(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
