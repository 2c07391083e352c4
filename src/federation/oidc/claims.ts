import type { Checks } from "../checks.ts";
import type { Claims } from "./read-token.ts";
import {
  badTimestamp,
  emptyClaim,
  issuedInTheFuture,
  missingClaim,
  notValidated,
  notYetValid,
  severalAudiences,
  tokenExpired,
  tooOld,
} from "./token-faults.ts";

/** A claim by its exact name. */
export function claimOf(claims: Claims, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/**
 * A claim that is one text: AWS reads a number as text. One that cannot be held exactly would be another number.
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
}

/**
 * A claim that has to be there. Null is absent: AWS answers with an error of its own to a `sub` that is null (observed,
 * September 2026).
 *
 * @throws Fault InvalidIdentityToken
 */
export function requiredText(claims: Claims, name: string, checks: Checks): string {
  const value = claimOf(claims, name) ?? null;
  checks.require(value !== null, { name, wanted: "a claim", seen: "none" }, () => missingClaim(name));
  const text = textOf(value);
  checks.require(text !== undefined, { name, wanted: "a text", seen: text ?? typeof value }, notValidated);
  return text;
}

const requiredBeside = ["sub", "aud", "iat", "exp"];

/** All that AWS wants beside the issuer. Which of several it names first is not known. @throws Fault */
export function requireClaims(claims: Claims, checks: Checks): void {
  for (const name of requiredBeside) {
    const isThere = Object.hasOwn(claims, name) && (claims[name] !== null || isTime(name));
    checks.require(isThere, { name, wanted: "a claim", seen: isThere ? "one" : "none" }, () => missingClaim(name));
  }
}

function isTime(name: string): boolean {
  return name === "iat" || name === "exp";
}

export interface Audience {
  /** `azp` where it is there: it is registered, and what `:aud` says. */
  readonly party: string;
  /** `aud`. */
  readonly audiences: readonly string[];
}

/**
 * Whom a token is for. With `azp` that counts and `aud` is not looked at, whatever stands in it (observed on AWS,
 * September 2026).
 *
 * @throws Fault InvalidIdentityToken
 */
export function audienceOf(claims: Claims, checks: Checks): Audience {
  const aud = claimOf(claims, "aud");
  const audiences = (Array.isArray(aud) ? (aud as unknown[]) : [aud]).map(textOf);
  const azp = claimOf(claims, "azp") ?? undefined;
  checks.require(audiences.length > 0, { name: "aud", wanted: "an audience", seen: "none" }, () => emptyClaim("aud"));
  const seen = { name: "aud", seen: audiences.join(", ") };
  checks.require(
    audiences.every((audience) => audience !== undefined),
    { ...seen, wanted: "texts" },
    notValidated,
  );
  if (azp === undefined) {
    checks.require(audiences.length === 1, { ...seen, wanted: "one audience, or the claim azp" }, severalAudiences);
    return { party: audiences[0]!, audiences };
  }
  checks.require(typeof azp === "string", { name: "azp", wanted: "a text", seen: typeof azp }, notValidated);
  return { party: azp, audiences };
}

/** Seconds by which clocks may differ (observed on AWS, September 2026, on all three times). */
const tolerance = 300;
/** Seconds. That there is a limit is seen in public logs, with a token of five days; a day is ours. */
const oldest = 86_400;

/**
 * @param now milliseconds since the epoch
 * @throws Fault InvalidIdentityToken, ExpiredTokenException
 */
export function requireInTime(claims: Claims, now: number, checks: Checks): void {
  const exp = timeOf(claims, "exp", checks);
  const iat = timeOf(claims, "iat", checks);
  const nbf = Object.hasOwn(claims, "nbf") ? timeOf(claims, "nbf", checks) : undefined;
  const seconds = Math.floor(now / 1000);
  const earlier = seconds - tolerance;
  const later = seconds + tolerance;
  checks.require(exp > earlier, time("exp", `after ${earlier}`, exp), () => tokenExpired(earlier, exp));
  checks.require(iat <= later, time("iat", `not after ${later}`, iat), () => issuedInTheFuture(iat));
  const first = earlier - oldest;
  checks.require(iat >= first, time("iat", `not before ${first}`, iat), () => tooOld(iat));
  if (nbf === undefined) return;
  checks.require(nbf <= later, time("nbf", `not after ${later}`, nbf), () => notYetValid(later, nbf));
}

function time(name: string, wanted: string, seen: number) {
  return { name, wanted, seen: String(seen), advice: "take a fresh token; compare the clocks of issuer and server" };
}

/** Whole seconds, also as a text. @throws Fault InvalidIdentityToken */
function timeOf(claims: Claims, name: string, checks: Checks): number {
  const value = claimOf(claims, name);
  const seconds = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  const isTimestamp = typeof seconds === "number" && Number.isSafeInteger(seconds);
  checks.require(isTimestamp, { name, wanted: "whole seconds since 1970", seen: JSON.stringify(value) }, badTimestamp);
  return seconds as number;
}
