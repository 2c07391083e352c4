import type { StsOperations } from "../../contracts/sts/types.gen.ts";
import { Checks } from "../../federation/checks.ts";
import { verifyWebIdentity } from "../../federation/oidc/web-identity.ts";
import type { WebIdentitySources } from "../../federation/oidc/web-identity.ts";
import { webIdentitySources } from "../../services/sts/proof-sources.ts";
import { requireRoleArn } from "../../services/sts/role-arn.ts";
import { requestedPolicies } from "../../services/sts/session-policies.ts";
import type { Tx } from "../../store/sql/database.ts";
import { gather } from "../../store/sql/eventual.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import { accountOfRole } from "./claimed-role.ts";
import { advance } from "../stage.ts";
import type { Decoded, Ready } from "../stage.ts";
import type { InputProof } from "./strategy.ts";

type Input = StsOperations["AssumeRoleWithWebIdentity"]["input"];

/** A token of an OpenID Connect provider that the account of the role has. */
export const webIdentity: InputProof = { proof: "input", claimedAccount: accountOfRole, authenticate };

/**
 * No transaction is open while an issuer is waited for, and what was read before is then read again.
 *
 * @throws Fault
 */
function authenticate(stage: Decoded): Ready | Promise<Ready> {
  const { environment, facts } = stage;
  const input = stage.input as Input;
  // Its words are AssumeRole's, by analogy; before the token, as AWS looks at all parameters first.
  const role = requireRoleArn(input.RoleArn);
  requestedPolicies(input);
  const checks = new Checks();
  advance(stage, { checks, asOf: performance.now() });
  const { knownProviders } = environment;
  return gather(
    () => glance(stage, role.account, (tx) => knownProviders.account(tx, role.account)),
    (account) => {
      if (account !== null) advance(stage, { about: account.id });
      const about = {
        account: role.account,
        partition: account?.partition ?? role.partition,
        roleArn: input.RoleArn,
        providerId: input.ProviderId,
      };
      return verifyWebIdentity(input.WebIdentityToken, about, sourcesOf(stage), facts.now, checks);
    },
    // A provider that was asked about an opaque token was waited for.
    (_, caller) => advance(stage, input.ProviderId === undefined ? { caller } : { caller, asOf: performance.now() }),
  );
}

function sourcesOf(stage: Decoded): WebIdentitySources {
  const { environment } = stage;
  let wasAsked = false;
  return webIdentitySources(environment, (account, name) => {
    // Once more, after the issuer was waited for: what was read of the account until then will not do.
    if (wasAsked) advance(stage, { asOf: performance.now() });
    wasAsked = true;
    return glance(stage, account, (tx) => environment.knownProviders.byName(tx, account, name));
  });
}

function glance<T>({ asOf, environment }: Decoded, account: string, read: (tx: Tx) => Eventual<T>): Eventual<T> {
  return environment.database.glance(read, { account, asOf });
}
