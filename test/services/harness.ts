import { iamArn } from "../../src/arn/arn.ts";
import { loadAwsManagedPolicies } from "../../src/authorization/aws-managed-policies.ts";
import { Authorizer } from "../../src/authorization/authorizer.ts";
import type { Grounds, Verdict } from "../../src/authorization/authorizer.ts";
import type { Requirement } from "../../src/authorization/requirement.ts";
import { sessionOf } from "../harness/session.ts";
import { TestClock } from "../harness/deterministic.ts";
import { createIds } from "../../src/clock/ids.ts";
import { SeededRandom } from "../harness/deterministic.ts";
import { seed } from "../harness/seed.ts";
import { mayAnswer } from "../../src/contracts/errors.ts";
import { iam } from "../../src/contracts/iam/contract.gen.ts";
import { Fault } from "../../src/contracts/fault.ts";
import type { Environment, RequestFacts } from "../../src/operation/context.ts";
import type { Input, OperationName, Output } from "../../src/operation/operation.ts";
import { CostlyLine } from "../../src/operation/costly-line.ts";
import { PasswordHashing } from "../../src/operation/password-hashing.ts";
import { defaultQuotas } from "../../src/operation/quotas.ts";
import type { Quotas } from "../../src/operation/quotas.ts";
import { perform } from "../../src/pipeline/perform.ts";
import type { Ready } from "../../src/pipeline/stage.ts";
import { KeyRing } from "../../src/seal/key-ring.ts";
import { createRing } from "../../src/seal/ring-state.ts";
import type { RingState } from "../../src/seal/ring-state.ts";
import { services } from "../../src/services/services.ts";
import { Effort } from "../../src/policy/effort.ts";
import type { Actor } from "../../src/session/actor.ts";
import { roleActor, rootActor, userActor } from "../../src/session/principal.ts";
import type { Session } from "../../src/session/token.ts";
import * as accounts from "../../src/store/organizations/accounts.ts";
import { openDatabase } from "../../src/store/open.ts";
import type { Database, Tx } from "../../src/store/sql/database.ts";
import { Trail } from "../../src/trail/trail.ts";
import * as keyRings from "../../src/store/server/key-rings.ts";
import * as roles from "../../src/store/iam/roles.ts";
import * as users from "../../src/store/iam/users.ts";

export const account = "111122223333";
export const otherAccount = "444455556666";
export const partition = "aws";

/** Read once for all harnesses: they are the same for everybody, and to read them takes longer than most tests. */
const awsManaged = loadAwsManagedPolicies();

type Name = OperationName<"iam">;

/** What an operation answered: its output, or the code, status and message of its fault. */
export type Answer<N extends Name> =
  | { readonly output: Output<"iam", N>; readonly fault?: undefined }
  | { readonly output?: undefined; readonly fault: { code: string; status: number; message: string } };

/** The allowed may be anybody: a harness names requirements, it does not decide them. */
export interface CallOptions {
  readonly caller?: Actor;
}

/** Decides as ever, and then allows: what would have to be allowed is known from its verdicts. */
class AllowingAuthorizer extends Authorizer {
  override decide(requirement: Requirement, grounds: Grounds, request: RequestFacts): Verdict {
    const verdict = super.decide(requirement, grounds, request);
    return { ...verdict, decision: { ...verdict.decision, outcome: "Allowed", allowed: true } };
  }
}

/**
 * IAM's operations on a real SQLite database in memory, by the pipeline's own `perform`: transactions, judging and the
 * trail's records are what they are on a server. The steps before it are left out, and every requirement counts as met.
 */
export class Harness {
  readonly database: Database;
  readonly environment: Environment;
  readonly clock: TestClock;
  readonly secrets: KeyRing;
  readonly #trail: Trail;

  private constructor(database: Database, clock: TestClock, quotas: Quotas, ring: RingState) {
    this.database = database;
    this.clock = clock;
    this.secrets = new KeyRing(ring);
    const onError = (error: unknown): void => {
      throw error;
    };
    this.#trail = new Trail({ database, clock, files: null, onError });
    // Only what `perform` and IAM's operations use; the rest would be a fault of theirs.
    this.environment = {
      clock,
      ids: createIds(new SeededRandom(seed)),
      database,
      secrets: this.secrets,
      quotas,
      costlyLine: new CostlyLine(),
      // What costs least: what is tested here is not how long guessing takes.
      passwords: new PasswordHashing({ memoryCost: 8, timeCost: 1, parallelism: 1 }),
      awsManaged,
      authorizer: new AllowingAuthorizer(awsManaged),
      // Whoever calls needs no key here, and the rings stay as they are.
      authenticator: { again: async (_tx: Tx, caller: Actor) => caller },
      ringKeeper: { upToDate: <T>(work: () => T): T => work() },
      trail: this.#trail,
      compatibility: "strict",
      publicUrl: () => "https://rolecall.test",
      consoleUrl: null,
      externalAccounts: new Set<string>(["999988887777"]),
      servicePrincipals: ["billing.example.com"],
      operatorAccount: account,
      version: "test",
    } as unknown as Environment;
  }

  /** Two accounts, nothing in them. */
  static async open(quotas: Partial<Quotas> = {}): Promise<Harness> {
    const clock = new TestClock();
    const database = await openDatabase({ sqlite: ":memory:" }, { clock });
    const ring = createRing("secrets", clock.now());
    const harness = new Harness(database, clock, { ...defaultQuotas, ...quotas }, ring);
    await database.write(async (tx) => {
      for (const { id, state, changedAt } of ring.keys) {
        const sealedKey = new Uint8Array();
        await keyRings.add(tx, { purpose: "secrets", id, state, sealedKey, createdAt: changedAt, changedAt, seals: 0 });
      }
      for (const id of [account, otherAccount]) {
        await accounts.create(tx, { id, name: `account ${id}`, partition, createdAt: clock.now() });
      }
    });
    return harness;
  }

  /** Runs an operation; by default as the account's root. */
  async call<N extends Name>(name: N, input: Input<"iam", N>, options: CallOptions = {}): Promise<Answer<N>> {
    return (await this.#run(name, input, options)).answer;
  }

  /** The output of an operation that must succeed. */
  async ok<N extends Name>(name: N, input: Input<"iam", N>, options: CallOptions = {}): Promise<Output<"iam", N>> {
    const answer = await this.call(name, input, options);
    if (answer.fault !== undefined) throw new Error(`${name}: ${answer.fault.code}: ${answer.fault.message}`);
    return answer.output;
  }

  /** `CODE STATUS: MESSAGE` of an operation that must be refused. */
  async refusal<N extends Name>(name: N, input: Input<"iam", N>, options: CallOptions = {}): Promise<string> {
    const { fault } = await this.call(name, input, options);
    if (fault === undefined) throw new Error(`${name} succeeded`);
    return `${fault.code} ${fault.status}: ${fault.message}`;
  }

  /** What would have to be allowed; the operation runs too. */
  async requirements<N extends Name>(
    name: N,
    input: Input<"iam", N>,
    options: CallOptions = {},
  ): Promise<readonly Requirement[]> {
    return (await this.#run(name, input, options)).requirements;
  }

  /** Something that only the store can do, or look at. */
  store<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.write(work);
  }

  async close(): Promise<void> {
    await this.#trail.close();
    await this.database.close();
  }

  get root(): Actor {
    return rootActor(account, partition, "AKIAROOT", null);
  }

  /** A user of the first account, with a long-term key. */
  user(name: string): Promise<Actor> {
    return this.#userBy(name, () => null);
  }

  /** The same with temporary credentials. @param mfaAt when a code of an MFA device was given, if one was */
  userSession(name: string, mfaAt?: number): Promise<Actor> {
    const withMfa = mfaAt === undefined ? {} : { mfaAt };
    return this.#userBy(name, ({ id }) => ({ ...this.#session("user", id, name), ...withMfa }));
  }

  async #userBy(name: string, sessionOf: (user: { readonly id: string }) => Session | null): Promise<Actor> {
    const user = await this.store((tx) => users.byName(tx, account, name));
    if (user === null) throw new Error(`no user ${name}`);
    const arn = iamArn(partition, account, "user", user.name, user.path);
    return userActor({ ...user, kind: "user", arn, serviceLinked: false }, partition, "AKIAUSER", sessionOf(user));
  }

  async roleSession(name: string): Promise<Actor> {
    const role = await this.store((tx) => roles.byName(tx, account, name));
    if (role === null) throw new Error(`no role ${name}`);
    const arn = iamArn(partition, account, "role", role.name, role.path);
    return roleActor({ ...role, kind: "role", arn }, partition, this.#session("role", role.id, "session"));
  }

  #session(kind: "user" | "role", issuer: string, sessionName: string): Session {
    const [issuedAt, sessionId] = [this.clock.now(), this.environment.ids.sessionId()];
    return sessionOf({ kind, account, issuer: { id: issuer }, sessionName, issuedAt, sessionId });
  }

  async #run<N extends Name>(
    name: N,
    input: Input<"iam", N>,
    options: CallOptions,
  ): Promise<{ answer: Answer<N>; requirements: readonly Requirement[] }> {
    const stage = this.#ready(name, input, options.caller ?? this.root);
    const requirements = () => stage.attempt?.verdicts.map(({ requirement }) => requirement) ?? [];
    try {
      const { output } = await perform(stage);
      return { answer: { output: output as Output<"iam", N> }, requirements: requirements() };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { code, status, message } = error;
      // As the pipeline does: what no contract lists is a mistake of ours (contracts/errors.ts).
      if (!mayAnswer(iam, iam.operations[name], code)) throw new Error(`${name} may not answer ${code}`);
      return { answer: { fault: { code, status, message } }, requirements: requirements() };
    }
  }

  /** A request whose caller is proven and whose input is read. */
  #ready<N extends Name>(name: N, input: Input<"iam", N>, caller: Actor): Ready {
    const contract = iam.operations[name];
    const operation = services.iam.operation(contract);
    if (operation === null) throw new Error(`${name} is not built`);
    const facts: RequestFacts = {
      requestId: "00000000-0000-4000-8000-000000000000",
      region: "us-east-1",
      sourceIp: "192.0.2.1",
      userAgent: undefined,
      referer: undefined,
      secure: true,
      host: undefined,
      now: this.clock.now(),
      effort: new Effort(),
    };
    const known = {
      environment: this.environment,
      eventId: this.environment.ids.uuid(),
      facts,
      asOf: performance.now(),
    };
    // What belongs to the steps before: the bytes of the request and its signature.
    return { ...known, service: services.iam, contract, operation, caller, input, record: "due" } as unknown as Ready;
  }
}
