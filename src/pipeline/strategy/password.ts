import { isAccountId } from "../../arn/arn.ts";
import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import { networkOf } from "../../operation/rate-limit.ts";
import { failedAuthentication } from "../../services/rolecall/faults.ts";
import type { PasswordHolder } from "../../session/actor.ts";
import { passwordActor } from "../../session/principal.ts";
import type { Tx } from "../../store/sql/database.ts";
import * as accounts from "../../store/organizations/accounts.ts";
import type { AccountRecord } from "../../store/organizations/accounts.ts";
import * as loginProfiles from "../../store/iam/login-profiles.ts";
import type { LoginProfileRecord } from "../../store/iam/login-profiles.ts";
import * as signInAttempts from "../../store/iam/sign-in-attempts.ts";
import * as users from "../../store/iam/users.ts";
import type { UserRecord } from "../../store/iam/users.ts";
import { advance } from "../stage.ts";
import type { Decoded, Ready } from "../stage.ts";
import type { InputProof } from "./strategy.ts";

type Input = RolecallOperations["SignIn"]["input"];

/** The password of a user, by whom it is about. */
export const password: InputProof = {
  proof: "input",
  claimedAccount: ({ Account: account }: Partial<Input>) => account,
  authenticate,
};

/** Whom a sign-in is about, as far as there is such a one. */
interface Claimed {
  readonly account: AccountRecord | null;
  readonly user: UserRecord | null;
  readonly profile: LoginProfileRecord | null;
  readonly mayTry: boolean;
}

/**
 * Whatever is wrong, and were nobody called so: the same is done, it takes as long, and the same is answered. What differs
 * is the trail's, which the account alone reads.
 *
 * @throws Fault AccessDenied
 */
async function authenticate(stage: Decoded): Promise<Ready> {
  const { environment, facts } = stage;
  const input = stage.input as Input;
  const claimed = await environment.database.write((tx) => claim(tx, input, facts.now));
  const { account, user } = claimed;
  if (account !== null) advance(stage, { about: account.id, aboutUser: user?.name });
  if (!claimed.mayTry) throw failedAuthentication();
  const caller = (await isRight(input.Password, claimed.profile, stage)) ? await holderOf(claimed, stage) : null;
  if (caller === null) throw failedAuthentication();
  return advance(stage, { caller });
}

async function claim(tx: Tx, { Account: named, UserName: userName }: Input, now: number): Promise<Claimed> {
  const account = await (isAccountId(named) ? accounts.byId(tx, named) : accounts.byAlias(tx, named));
  const user = await users.byName(tx, account?.id ?? "", userName);
  const profile = await loginProfiles.ofUser(tx, user ?? { id: "" });
  const mayTry = await signInAttempts.begin(tx, { account: account?.id ?? named, userName }, now);
  return { account, user, profile, mayTry };
}

/** Without a password to compare with, one is hashed. */
async function isRight(given: string, profile: LoginProfileRecord | null, stage: Decoded): Promise<boolean> {
  const { passwords } = stage.environment;
  const sender = networkOf(stage.facts.sourceIp);
  if (profile !== null) return passwords.matches(given, profile.hash, sender);
  await passwords.hash(given, sender);
  return false;
}

/** Null where the user is gone by now. */
async function holderOf({ account, user, profile }: Claimed, { environment }: Decoded): Promise<PasswordHolder | null> {
  const { authenticator, database } = environment;
  const entity = await database.read((tx) => authenticator.entity(tx, account!.id, "user", user!.id));
  return entity === null ? null : passwordActor(entity, account!.partition, profile!.changedAt);
}
