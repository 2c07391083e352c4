import { Fault } from "../../contracts/fault.ts";
import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import { Checks } from "../../federation/checks.ts";
import { verifyWebIdentity } from "../../federation/oidc/web-identity.ts";
import { verifyAssertion } from "../../federation/saml/assertion.ts";
import type { SearchContext } from "../../operation/context.ts";
import type { FederatedSubject } from "../../session/actor.ts";
import { assertionSources, webIdentitySources } from "../sts/proof-sources.ts";
import { readRoleArn } from "../sts/role-arn.ts";
import { validation } from "./faults.ts";

type Input = RolecallOperations["CheckFederation"]["input"];

/** What a proof turned out to be. */
export interface Looked {
  readonly checks: Checks;
  /** Whom it is of, or what STS would answer to it. */
  readonly proven: FederatedSubject | Fault;
}

/** @throws Fault ValidationException */
export function roleNamed(text: string) {
  const arn = readRoleArn(text);
  if (arn === null) throw validation(`RoleArn must be the ARN of a role, not ${text}.`);
  return arn;
}

/**
 * Verifies the proof as the operation of STS would. Nothing of it is used up, and no transaction is open while an issuer
 * is waited for.
 *
 * @throws Fault ValidationException
 */
export async function lookAt(input: Input, context: SearchContext): Promise<Looked> {
  const checks = new Checks();
  const verify = verification(input, context, checks);
  try {
    return { checks, proven: await verify() };
  } catch (error) {
    if (error instanceof Fault) return { checks, proven: error };
    throw error;
  }
}

function verification(
  input: Input,
  { environment, account: sender }: SearchContext,
  checks: Checks,
): () => Promise<FederatedSubject> | FederatedSubject {
  const { RoleArn: roleArn, WebIdentityToken: token, SAMLAssertion: assertion, PrincipalArn: principalArn } = input;
  const { account, partition } = roleNamed(roleArn);
  const now = environment.clock.now();
  if (token !== undefined && assertion === undefined) {
    const about = { account, partition, roleArn, providerId: input.ProviderId };
    const { database, knownProviders } = environment;
    const sources = webIdentitySources(environment, (owner, name) =>
      database.glance((tx) => knownProviders.byName(tx, owner, name)),
    );
    return () => verifyWebIdentity(token, about, sources, now, checks);
  }
  if (assertion === undefined || token !== undefined)
    throw validation("Give either WebIdentityToken or SAMLAssertion.");
  if (principalArn === undefined) throw validation("SAMLAssertion needs PrincipalArn, the ARN of its provider.");
  const about = { account, partition, roleArn, principalArn };
  return () => verifyAssertion(assertion, about, assertionSources(environment, sender), now, checks);
}
