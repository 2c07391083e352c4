import { parseArn } from "../../arn/arn.ts";
import type { Ids } from "../../clock/ids.ts";
import type { SamlSubject } from "../../session/actor.ts";
import type { Checks } from "../checks.ts";
import type { AboutAssertion, KnownProvider } from "./about.ts";
import { requireConditions } from "./conditions.ts";
import { SamlFaults } from "./faults.ts";
import { sessionAttributes } from "./session-attributes.ts";
import { signedStatement } from "./signed-statement.ts";
import type { SignedXml } from "./signature-thread.ts";
import { samlSubject } from "./subject.ts";

/** What verifying takes. */
export interface AssertionSources {
  /** An account's provider of a name. */
  readonly provider: (account: string, name: string) => Promise<KnownProvider | null>;
  readonly ids: Ids;
  /** Verifies signatures in turn: where it is done nobody else has to wait. @returns what is signed; null for nothing */
  readonly verified: (signed: SignedXml) => Promise<string | null>;
  /** One of which an AudienceRestriction has to name; null: any will do, as on AWS. */
  readonly audiences: readonly string[] | null;
}

/**
 * Verifies a response with an assertion as AssumeRoleWithSAML takes it, all but whether the role trusts whom it names.
 * What is cheap is looked at first; what was signed is the only thing that is read.
 *
 * @param text Base64, as the client sent it
 * @throws Fault
 */
export async function verifyAssertion(
  text: string,
  about: AboutAssertion,
  sources: AssertionSources,
  now: number,
  checks: Checks,
): Promise<SamlSubject> {
  const faults = new SamlFaults(() => sources.ids.uuid());
  const provider = await providerOf(about, sources.provider, faults, checks);
  const statement = await signedStatement(text, provider, sources.verified, faults, checks);
  const confirmed = requireConditions(statement, sources.audiences, now, faults, checks);
  const attributes = sessionAttributes(statement.attributes, about, faults, checks);
  const { nameId } = statement;
  const named = { name: "NameID", wanted: "a NameID in the Subject", seen: nameId?.value ?? "none" };
  checks.require(nameId !== null && nameId.value !== "", named, faults.nameless);
  return samlSubject({ ...statement, nameId }, confirmed, attributes, provider.record, { ...about, now });
}

/** By its ARN: one that was made anew is the same provider, with its new keys alone (observed on AWS, September 2026). */
async function providerOf(
  { account, partition, principalArn }: AboutAssertion,
  find: AssertionSources["provider"],
  faults: SamlFaults,
  checks: Checks,
): Promise<KnownProvider> {
  const arn = parseArn(principalArn);
  const [kind, name = "", ...more] = arn?.resource.split("/") ?? [];
  const ours = arn?.service === "iam" && arn.account === account && arn.partition === partition;
  const found = ours && kind === "saml-provider" && more.length === 0 ? await find(account, name) : null;
  const question = {
    name: "provider",
    wanted: `a SAML provider in account ${account}, by its ARN`,
    seen: principalArn,
    advice: "`aws iam list-saml-providers` lists those that there are; a role and its provider are of one account",
  };
  checks.require(found !== null && found.record.name === name, question, faults.noProvider);
  return found;
}
