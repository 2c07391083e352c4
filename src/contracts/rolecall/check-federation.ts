/** rolecall:CheckFederation: whether a proof from outside would put on a role, step by step; nothing is issued. */
import { list, optional, structure } from "../value-of.ts";
import { arn, flag, layer, outcome, text } from "./values.ts";

/** As STS takes them (STS API, AssumeRoleWithWebIdentity, AssumeRoleWithSAML). */
const role = { type: "string", min: 20, max: 2048 } as const;
const token = { type: "string", min: 4, max: 20_000, sensitive: true } as const;
const assertion = { type: "string", min: 4, max: 100_000, sensitive: true } as const;

export const checkFederationInput = structure({
  RoleArn: role,
  /** Either a token of an OpenID Connect provider, */
  WebIdentityToken: optional(token),
  /** with the provider's name where such tokens are opaque, */
  ProviderId: optional({ type: "string", min: 4, max: 2048 }),
  /** and the name that the session would have; */
  RoleSessionName: optional({ type: "string", min: 2, max: 64, pattern: "[\\w+=,.@-]*" }),
  /** or a response with a SAML assertion, */
  SAMLAssertion: optional(assertion),
  /** and its provider. */
  PrincipalArn: optional(arn),
});

/** What was looked at of a proof, in its order, up to the first thing that did not hold. */
export const federationChecks = list(
  structure({
    Name: text,
    Passed: flag,
    Wanted: optional(text),
    Seen: optional(text),
    /** What would change it. */
    Advice: optional(text),
  }),
  0,
  64,
);

export const checkFederationOutput = structure({
  /** Whether STS would give credentials, as far as proof and policies decide. */
  Allowed: flag,
  Checks: federationChecks,
  /** What STS would answer to the proof; absent where it is good. */
  Fault: optional(structure({ Code: text, Status: { type: "integer" }, Message: text })),
  /** Of a good proof: the provider as trust policies name it. */
  Provider: optional(text),
  /** Of a good proof: the condition keys that it gives. */
  Keys: optional(list(structure({ Key: text, Values: list(text, 0, 1000) }), 0, 1000)),
  /** Of a good proof: what policies say, an entry for each permission that is needed. */
  Explanations: list(
    structure({
      Action: text,
      Outcome: outcome,
      /** In words. */
      Summary: text,
      /** Layers that belong to somebody else and are left out. */
      Withheld: list(layer, 0, 8),
      /** JSON text: the `Explanation` of `rolecall/policy`. */
      Explanation: text,
    }),
    0,
    3,
  ),
  /** Of a good proof: JSON text of the narrowest sensible trust policy that lets it in. */
  ProposedTrustPolicy: optional(text),
});
