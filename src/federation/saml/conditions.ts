import type { Checks, Question } from "../checks.ts";
import type { SamlFaults } from "./faults.ts";
import type { Statement } from "./statement.ts";

/** IAM User Guide, id_roles_providers_create_saml_assertions; seconds after which an assertion is not taken any more. */
const redeemable = 300;
const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/** Of an assertion that holds. */
export interface Confirmed {
  /** What the trust policy judges as saml:aud; it is compared with nothing here (observed on AWS, September 2026). */
  readonly recipient: string;
  /** When it cannot be used any more, in milliseconds since the epoch. */
  readonly usableUntil: number;
  /** When the session that the provider keeps ends; undefined where it does not say. */
  readonly sessionEnd: number | undefined;
}

/**
 * What an assertion has to say and until when it holds, in AWS's order: what has to be there, then the times. NotBefore
 * is not compared with anything, be it a day ahead; no tolerance of clocks is known for the ends (observed on AWS,
 * September 2026, radkawar/stackd captures).
 *
 * @param audiences one of which an AudienceRestriction has to name; null: any will do
 * @throws Fault
 */
export function requireConditions(
  statement: Statement,
  audiences: readonly string[] | null,
  now: number,
  faults: SamlFaults,
  checks: Checks,
): Confirmed {
  const { conditions, nameId, confirmations, authentications } = statement;
  const has = (holds: boolean, question: Question) => checks.require(holds, question, faults.unreadable);
  has(conditions !== null, { name: "Conditions", wanted: "an element Conditions" });
  has(authentications.length > 0, { name: "AuthnStatement", wanted: "an element AuthnStatement" });
  const [confirmation] = confirmations;
  const one = confirmations.length === 1 && confirmation?.method === bearer;
  has(one, { name: "SubjectConfirmation", wanted: `one, of the method ${bearer}`, seen: `${confirmations.length}` });
  const { recipient, notOnOrAfter } = confirmation!;
  has((recipient ?? "") !== "", { name: "Recipient", wanted: "a Recipient in SubjectConfirmationData" });
  has(notOnOrAfter !== undefined, { name: "subject's end", wanted: "NotOnOrAfter in SubjectConfirmationData" });
  has(nameId === null || nameId.format !== "", { name: "NameID", wanted: "a Format of the NameID" });
  const sessionEnd = earliest(authentications.map((authentication) => authentication.sessionEnd));
  const usableUntil = requireTimes({ ...statement, sessionEnd, subjectEnd: notOnOrAfter! }, now, faults, checks);
  requireAudience(conditions!.audiences, audiences, faults, checks);
  return { recipient: recipient!, usableUntil, sessionEnd };
}

interface Times extends Pick<Statement, "conditions" | "issuedAt"> {
  readonly subjectEnd: number;
  readonly sessionEnd: number | undefined;
}

/** @returns the first of its ends */
function requireTimes(times: Times, now: number, faults: SamlFaults, checks: Checks): number {
  const ends = [times.conditions?.notOnOrAfter, times.subjectEnd, times.sessionEnd];
  const end = earliest(ends);
  const advice = "compare the clocks of the identity provider and of this server, and send it sooner";
  const at = new Date(now).toISOString();
  const expired = { name: "not expired", wanted: `an end after ${at}`, seen: moment(end), advice };
  checks.require(end === undefined || end > now, expired, faults.expired);
  const lastRedeemed = times.issuedAt + redeemable * 1000;
  const old = {
    name: "IssueInstant",
    wanted: `within ${redeemable} seconds of ${at}`,
    seen: moment(times.issuedAt),
    advice,
  };
  checks.require(lastRedeemed >= now, old, faults.tooOld);
  return Math.min(end ?? lastRedeemed, lastRedeemed + 1);
}

function requireAudience(
  restrictions: readonly (readonly string[])[],
  audiences: readonly string[] | null,
  faults: SamlFaults,
  checks: Checks,
): void {
  if (audiences === null) return;
  for (const restriction of restrictions) {
    checks.require(
      restriction.some((audience) => audiences.includes(audience.trim())),
      {
        name: "audience",
        wanted: audiences.join(" or "),
        seen: restriction.join(", ") || "none",
        advice: "set the audience at the identity provider, or name it in the setting saml.audiences",
      },
      faults.otherAudience,
    );
  }
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function moment(time: number | undefined): string {
  return time === undefined ? "none" : new Date(time).toISOString();
}
