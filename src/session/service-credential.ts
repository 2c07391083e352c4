/**
 * The forms of service-specific credentials: user name and password, or one secret that has an alias in it (observed on
 * AWS, September 2026).
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** With what the one secret begins; null where there are a user name and a password. */
export type Form = string | null;

const forms: ReadonlyMap<string, Form> = new Map([
  ["aws-external-anthropic.amazonaws.com", "AEAA"],
  ["bedrock.amazonaws.com", "ABSK"],
  ["cassandra.amazonaws.com", null],
  ["cloudwatch.amazonaws.com", "APIAACWM"],
  ["codecommit.amazonaws.com", null],
  ["logs.amazonaws.com", "ACWL"],
]);

/**
 * @param service in lower case
 * @param own services beside those of AWS (setting servicePrincipals), which have user names and passwords
 * @returns undefined where a service has no such credentials
 */
export function formOf(service: string, own: readonly string[]): Form | undefined {
  const form = forms.get(service);
  return form === undefined && own.includes(service) ? null : form;
}

/** What is given to the user, once. */
export function secretOf(form: Form, name: string, password: string): string {
  return form === null ? password : form + Buffer.from(`${name}:${password}`).toString("base64");
}

/** As the contract has them. */
const aliases = /^[\w+=,.@-]{1,200}$/;

/** The alias in a secret; null where it has another form. */
export function aliasIn(form: Form, secret: string): string | null {
  if (form === null || !secret.startsWith(form)) return null;
  const [alias] = Buffer.from(secret.slice(form.length), "base64").toString("latin1").split(":", 1);
  return aliases.test(alias!) ? alias! : null;
}

/**
 * What is kept of a secret. It is 360 random bits, so no slow hash is needed to keep it from being guessed; bound to the
 * credential's id, it is good in no other row.
 */
export function verifierOf(id: string, secret: string): Uint8Array {
  return createHmac("sha256", id).update(secret).digest();
}

export function verifies(verifier: Uint8Array, id: string, secret: string): boolean {
  return timingSafeEqual(verifier, verifierOf(id, secret));
}
