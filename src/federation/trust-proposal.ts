import type { ContextValue } from "../policy/types.ts";
import type { FederatedSubject } from "../session/actor.ts";

/** A condition block of a policy document. */
type Condition = Record<string, Record<string, string | readonly string[]>>;

/** What tells a subject from others of its provider, beside `sub` and `aud`; a row an issuer. */
interface IssuerRow {
  /** The issuer without its scheme. */
  readonly issuer: RegExp;
  /** Numbers that stay when what they are of is renamed, and that nobody gets who takes the name. */
  readonly lasting: readonly string[];
}

const issuers: readonly IssuerRow[] = [
  { issuer: /^token\.actions\.(?:githubusercontent\.com|[^./]+\.ghe\.com)(?:\/|$)/, lasting: ["repository_id"] },
  { issuer: /^gitlab\.com$/, lasting: ["project_id"] },
  { issuer: /^agent\.buildkite\.com$/, lasting: ["pipeline_id"] },
  { issuer: /^accounts\.google\.com$/, lasting: ["oaud"] },
];

const cognito = "cognito-identity.amazonaws.com";

/**
 * The narrowest sensible trust policy for a proof that was verified: it lets in whom the provider calls so, for this
 * audience, and nobody else. Whoever wants more writes StringLike and a wildcard.
 *
 * @returns a policy document
 */
export function proposedTrust(subject: FederatedSubject): object {
  const { asserted, principal } = subject;
  const keys = subject.kind === "saml" ? samlKeys(subject.claims) : webIdentityKeys(subject);
  const { sub, condition } = keys;
  const tagKeys = asserted.tags.map(({ key }) => key);
  if (tagKeys.length > 0) condition["ForAllValues:StringEquals"] = { "aws:TagKeys": tagKeys };
  if (sub && asserted.sourceIdentity !== undefined) {
    condition["StringEquals"]!["sts:SourceIdentity"] = literal(asserted.sourceIdentity);
  }
  const action = subject.kind === "saml" ? "sts:AssumeRoleWithSAML" : "sts:AssumeRoleWithWebIdentity";
  const further = [
    ...(tagKeys.length > 0 ? ["sts:TagSession"] : []),
    ...(asserted.sourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"]),
  ];
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: principal.provider },
        Action: further.length === 0 ? action : [action, ...further],
        Condition: condition,
      },
    ],
  };
}

interface Keys {
  /** Whether one subject is meant, not all of a group. */
  readonly sub: boolean;
  readonly condition: Condition;
}

type Claims = Readonly<Record<string, ContextValue>>;

function webIdentityKeys({ claims, principal }: FederatedSubject): Keys {
  const { provider } = principal;
  const issuer = provider.slice(provider.indexOf("oidc-provider/") < 0 ? 0 : provider.indexOf("/") + 1);
  // An identity pool has a subject for each of its users: the role is for those who have signed in, or for those who have not.
  if (issuer === cognito) {
    const [first] = [claims[`${issuer}:amr`] ?? []].flat();
    return {
      sub: false,
      condition: {
        StringEquals: equalsOf(claims, [`${issuer}:aud`]),
        ...(first === undefined ? {} : { "ForAnyValue:StringLike": { [`${issuer}:amr`]: literal(first) } }),
      },
    };
  }
  const lasting = issuers.find((row) => row.issuer.test(issuer))?.lasting ?? [];
  // Opaque tokens have neither: the application and the user.
  const names = ["aud", "sub", ...lasting, "app_id", "user_id", "id"].map((name) => `${issuer}:${name}`);
  return { sub: true, condition: { StringEquals: equalsOf(claims, names) } };
}

/** A transient NameID is another one each time: then all of the provider are meant. */
function samlKeys(claims: Claims): Keys {
  const sub = claims["saml:sub_type"] !== "transient";
  const names = ["aud", "iss", "namequalifier", ...(sub ? ["sub", "sub_type"] : [])].map((name) => `saml:${name}`);
  return { sub, condition: { StringEquals: equalsOf(claims, names) } };
}

function equalsOf(claims: Claims, keys: readonly string[]): Record<string, string> {
  const wanted: Record<string, string> = {};
  for (const key of keys) {
    const value = claims[key];
    if (typeof value === "string") wanted[key] = literal(value);
  }
  return wanted;
}

/** What stands there, and no policy variable (IAM User Guide, reference_policies_variables, "Special characters"). */
function literal(value: string): string {
  return value.replaceAll("${", "${$}{");
}
