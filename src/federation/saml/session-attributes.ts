import { faultsOf } from "../../contracts/errors.ts";
import type { Asserted } from "../../session/actor.ts";
import type { Checks } from "../checks.ts";
import type { SamlFaults } from "./faults.ts";

const stsFault = faultsOf("sts");

type Attributes = ReadonlyMap<string, readonly string[]>;

/** Of the attributes that are about the session (IAM User Guide, id_roles_providers_create_saml_assertions). */
const prefix = "https://aws.amazon.com/SAML/Attributes/";
const tagPrefix = `${prefix}PrincipalTag:`;

/** What the assertion names for a role and a provider: pairs with a comma between, in either order. */
export interface WantedPair {
  readonly roleArn: string;
  readonly principalArn: string;
}

/** What an assertion says of the session: its name, and what the trust policy has to allow. */
export interface SessionAttributes extends Omit<Asserted, "lasting" | "longest"> {
  readonly sessionName: string;
  /** Seconds; undefined where it does not say. */
  readonly duration: number | undefined;
}

const nameForm = /^[a-zA-Z_0-9+=,.@-]{2,64}$/;
const tagKeyForm = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const tagValueForm = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** @throws Fault */
export function sessionAttributes(
  attributes: Attributes,
  wanted: WantedPair,
  faults: SamlFaults,
  checks: Checks,
): SessionAttributes {
  requireRole(attributes, wanted, faults, checks);
  return {
    sessionName: sessionName(attributes, faults, checks),
    duration: duration(attributes, faults, checks),
    tags: tags(attributes, faults, checks),
    sourceIdentity: sourceIdentity(attributes, faults, checks),
  };
}

function requireRole(attributes: Attributes, wanted: WantedPair, faults: SamlFaults, checks: Checks): void {
  const { roleArn, principalArn } = wanted;
  const pairs = attributes.get(`${prefix}Role`) ?? [];
  const holds = pairs.some((pair) => {
    const [one, other, ...more] = pair.split(",").map((part) => part.trim());
    if (more.length > 0) return false;
    return (one === roleArn && other === principalArn) || (one === principalArn && other === roleArn);
  });
  checks.require(
    holds,
    {
      name: "Role",
      wanted: `${roleArn},${principalArn}`,
      seen: pairs.length === 0 ? "no such attribute" : pairs.join(" | "),
      advice: `the identity provider sends the pair, in either order, as a value of the attribute ${prefix}Role`,
    },
    faults.notForRole,
  );
}

function sessionName(attributes: Attributes, faults: SamlFaults, checks: Checks): string {
  const values = attributes.get(`${prefix}RoleSessionName`) ?? [];
  const advice = `one value of 2 to 64 of the characters a-z A-Z 0-9 _+=,.@- in ${prefix}RoleSessionName`;
  const question = { name: "RoleSessionName", wanted: "one value", seen: seen(values), advice };
  checks.require(values.length > 0, question, faults.noSessionName);
  const [name = ""] = values;
  checks.require(values.length === 1 && nameForm.test(name), question, faults.badSessionName);
  return name;
}

function sourceIdentity(attributes: Attributes, faults: SamlFaults, checks: Checks): string | undefined {
  const values = attributes.get(`${prefix}SourceIdentity`);
  if (values === undefined) return undefined;
  const [identity = ""] = values;
  const holds = values.length === 1 && nameForm.test(identity) && !identity.toLowerCase().startsWith("aws:");
  const question = { name: "SourceIdentity", wanted: "one value of 2 to 64 characters", seen: seen(values) };
  checks.require(holds, question, faults.badSourceIdentity);
  return identity;
}

/** It can make a session shorter, so one that cannot be read is not passed over. */
function duration(attributes: Attributes, faults: SamlFaults, checks: Checks): number | undefined {
  const values = attributes.get(`${prefix}SessionDuration`);
  if (values === undefined) return undefined;
  const [text = ""] = values;
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  const holds = values.length === 1 && seconds >= 900 && seconds <= 43_200;
  checks.require(holds, { name: "SessionDuration", wanted: "900 to 43200", seen: seen(values) }, faults.badDuration);
  return seconds;
}

function tags(attributes: Attributes, faults: SamlFaults, checks: Checks): Asserted["tags"] {
  const transitive = new Set((attributes.get(`${prefix}TransitiveTagKeys`) ?? []).map((key) => key.toLowerCase()));
  const found: { key: string; value: string; transitive: boolean }[] = [];
  for (const [name, values] of attributes) {
    if (!name.startsWith(tagPrefix)) continue;
    const key = name.slice(tagPrefix.length);
    const [value = ""] = values;
    const holds = values.length === 1 && tagKeyForm.test(key) && tagValueForm.test(value);
    const question = { name: "PrincipalTag", wanted: "a key with one value", seen: `${key}: ${seen(values)}` };
    checks.require(holds, question, () =>
      faults.badTags(`The session tag ${key} must have one value that a tag may have.`),
    );
    found.push({ key, value, transitive: transitive.delete(key.toLowerCase()) });
  }
  checks.require(
    transitive.size === 0,
    { name: "TransitiveTagKeys", wanted: "keys of tags in the assertion", seen: [...transitive].join(", ") },
    () => stsFault("InvalidParameterValue", "The specified transitive tag key must be included in the requested tags."),
  );
  return found;
}

function seen(values: readonly string[]): string {
  return values.length === 0 ? "no value" : values.join(" | ");
}
