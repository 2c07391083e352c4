import { createHash } from "node:crypto";
import type { SamlSubject } from "../../session/actor.ts";
import type { SamlProviderRecord } from "../../store/iam/saml-providers.ts";
import { keysOf } from "./attribute-keys.ts";
import type { AboutAssertion } from "./about.ts";
import type { Confirmed } from "./conditions.ts";
import type { SessionAttributes } from "./session-attributes.ts";
import type { Statement } from "./statement.ts";

/** Formats of SAML 2.0 itself are named without it (STS API, AssumeRoleWithSAML, SubjectType). */
const formatPrefix = "urn:oasis:names:tc:SAML:2.0:nameid-format:";

/** Whom a verified assertion names. */
export function samlSubject(
  statement: Statement & { readonly nameId: NonNullable<Statement["nameId"]> },
  { recipient, sessionEnd, usableUntil }: Confirmed,
  attributes: SessionAttributes,
  provider: Pick<SamlProviderRecord, "name" | "id">,
  about: AboutAssertion & { readonly now: number },
): SamlSubject {
  const { account, partition, principalArn, now } = about;
  const { issuer, nameId, id } = statement;
  const { format, value: subject } = nameId;
  const subjectType = format.startsWith(formatPrefix) ? format.slice(formatPrefix.length) : format;
  const nameQualifier = createHash("sha1").update(`${issuer}${account}/${provider.name}`).digest("base64");
  const lasting = { "saml:namequalifier": nameQualifier, "saml:sub": subject, "saml:sub_type": subjectType };
  const untilEnd = sessionEnd === undefined ? undefined : Math.floor((sessionEnd - now) / 1000);
  const { duration, sessionName, ...session } = attributes;
  return {
    kind: "saml",
    principal: { type: "SAML", provider: principalArn, account },
    account,
    partition,
    entity: null,
    session: null,
    tags: [],
    subject,
    subjectType,
    issuer,
    audience: recipient,
    nameQualifier,
    sessionName,
    assertion: { id, providerId: provider.id, usableUntil },
    asserted: { ...session, longest: least(duration, untilEnd), lasting },
    claims: {
      ...keysOf(statement.attributes),
      ...lasting,
      "saml:aud": recipient,
      "saml:iss": issuer,
      "saml:doc": `${account}/${provider.name}`,
    },
  };
}

function least(...limits: readonly (number | undefined)[]): number | undefined {
  const known = limits.filter((limit) => limit !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
