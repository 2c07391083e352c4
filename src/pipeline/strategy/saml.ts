import { createHash } from "node:crypto";
import type { AssumeRoleWithSAMLRequest } from "../../contracts/sts/types.gen.ts";
import { verifyAssertion } from "../../federation/saml/assertion.ts";
import { SamlFaults } from "../../federation/saml/faults.ts";
import { Checks } from "../../federation/checks.ts";
import { networkOf } from "../../operation/rate-limit.ts";
import { assertionSources } from "../../services/sts/proof-sources.ts";
import { requireRoleArn } from "../../services/sts/role-arn.ts";
import type { SamlSubject } from "../../session/actor.ts";
import * as accounts from "../../store/organizations/accounts.ts";
import * as usedAssertions from "../../store/iam/used-assertions.ts";
import { advance } from "../stage.ts";
import type { Decoded, Ready } from "../stage.ts";
import { accountOfRole } from "./claimed-role.ts";
import type { InputProof } from "./strategy.ts";

/** A SAML assertion, by the provider that is named with it. */
export const saml: InputProof = { proof: "input", claimedAccount: accountOfRole, authenticate };

/** @throws Fault */
async function authenticate(stage: Decoded): Promise<Ready> {
  const { environment, facts } = stage;
  const input = stage.input as AssumeRoleWithSAMLRequest;
  const role = requireRoleArn(input.RoleArn);
  const checks = new Checks();
  advance(stage, { checks });
  const { account, partition } = role;
  const about = { account, partition, roleArn: input.RoleArn, principalArn: input.PrincipalArn };
  if (await environment.database.read((tx) => accounts.byId(tx, account))) advance(stage, { about: account });
  const sources = assertionSources(environment, networkOf(facts.sourceIp));
  const caller = await verifyAssertion(input.SAMLAssertion, about, sources, facts.now, checks);
  if (environment.saml.singleUse) await use(caller, stage, checks);
  return advance(stage, { caller });
}

/** It is used once it was found good, whatever then becomes of the call: two that come at once cannot both be let in. */
async function use({ account, assertion }: SamlSubject, stage: Decoded, checks: Checks): Promise<void> {
  const { environment, facts } = stage;
  const { id, providerId, usableUntil } = assertion;
  const used = { providerId, assertion: createHash("sha256").update(id).digest("base64url"), usableUntil };
  const first = await environment.database.write((tx) => usedAssertions.use(tx, used, facts.now), { account });
  const faults = new SamlFaults(() => facts.requestId);
  checks.require(first, { name: "single use", wanted: "an assertion that was not used before" }, faults.used);
}
