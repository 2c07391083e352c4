import { iamArn } from "../../src/arn/arn.ts";
import { loadAwsManagedPolicies } from "../../src/authorization/aws-managed-policies.ts";
import { Authorizer } from "../../src/authorization/authorizer.ts";
import type { Requirement } from "../../src/authorization/requirement.ts";
import { TestClock } from "../harness/deterministic.ts";
import { createIds } from "../../src/clock/ids.ts";
import { SeededRandom } from "../harness/deterministic.ts";
import { seed } from "../harness/seed.ts";
import { mayAnswer } from "../../src/contracts/errors.ts";
import { iam } from "../../src/contracts/iam/contract.gen.ts";
import { Fault } from "../../src/contracts/fault.ts";
import type { Environment, OperationContext } from "../../src/operation/context.ts";
import { notBuilt } from "../../src/operation/operation.ts";
import type { Declaration, Input, OperationName, Output } from "../../src/operation/operation.ts";
import { defaultQuotas } from "../../src/operation/quotas.ts";
import type { Quotas } from "../../src/operation/quotas.ts";
import { KeyRing } from "../../src/seal/key-ring.ts";
import { createRing } from "../../src/seal/ring-state.ts";
import type { RingState } from "../../src/seal/ring-state.ts";
import { iamRegistry } from "../../src/services/iam/registry.ts";
import { Effort } from "../../src/policy/effort.ts";
import type { Actor } from "../../src/session/actor.ts";
import { roleActor, rootActor, userActor } from "../../src/session/principal.ts";
import type { Session } from "../../src/session/token.ts";
import * as accounts from "../../src/store/organizations/accounts.ts";
import { openDatabase } from "../../src/store/open.ts";
import type { Database, Tx } from "../../src/store/sql/database.ts";
import * as keyRings from "../../src/store/server/key-rings.ts";
import * as roles from "../../src/store/iam/roles.ts";
import * as users from "../../src/store/iam/users.ts";

export const account = "111122223333";
export const otherAccount = "444455556666";
export const partition = "aws";

type Name = OperationName<"iam">;

/** What an operation answered: its output, or the code, status and message of its fault. */
export type Answer<N extends Name> =
  | { readonly output: Output<"iam", N>; readonly fault?: undefined }
  | { readonly output?: undefined; readonly fault: { code: string; status: number; message: string } };

/** The allowed may be anybody: a harness names requirements, it does not decide them. */
export interface CallOptions {
  readonly caller?: Actor;
}

/**
 * IAM's operations on a real SQLite database in memory, without the pipeline around them: load, authorize and handle run
 * in one transaction as there, but every requirement counts as met.
 */
export class Harness {
  readonly database: Database;
  readonly environment: Environment;
  readonly clock: TestClock;
  readonly secrets: KeyRing;

  private constructor(database: Database, clock: TestClock, quotas: Quotas, ring: RingState) {
    this.database = database;
    this.clock = clock;
    this.secrets = new KeyRing(ring);
    // Only what IAM's operations use; the rest would be a fault of theirs.
    const awsManaged = loadAwsManagedPolicies();
    this.environment = {
      clock,
      ids: createIds(new SeededRandom(seed)),
      database,
      secrets: this.secrets,
      quotas,
      awsManaged,
      authorizer: new Authorizer(awsManaged),
      compatibility: "strict",
      externalAccounts: new Set<string>(["999988887777"]),
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

  close(): Promise<void> {
    return this.database.close();
  }

  get root(): Actor {
    return rootActor(account, partition, "AKIAROOT", null);
  }

  /** A user of the first account, with a long-term key or, given a session, with temporary credentials. */
  async user(name: string, session: Session | null = null): Promise<Actor> {
    const user = await this.store((tx) => users.byName(tx, account, name));
    if (user === null) throw new Error(`no user ${name}`);
    const arn = iamArn(partition, account, "user", user.name, user.path);
    return userActor({ ...user, kind: "user", arn, serviceLinked: false }, partition, "AKIAUSER", session);
  }

  async roleSession(name: string): Promise<Actor> {
    const role = await this.store((tx) => roles.byName(tx, account, name));
    if (role === null) throw new Error(`no role ${name}`);
    const arn = iamArn(partition, account, "role", role.name, role.path);
    const session = { sessionName: "session", accessKeyId: "ASIAROLE", tags: [] } as unknown as Session;
    return roleActor({ ...role, kind: "role", arn }, partition, session);
  }

  async #run<N extends Name>(
    name: N,
    input: Input<"iam", N>,
    options: CallOptions,
  ): Promise<{ answer: Answer<N>; requirements: readonly Requirement[] }> {
    const operation = iamRegistry[name];
    if (operation === notBuilt) throw new Error(`${name} is not built`);
    const { load, authorize, handle } = operation.declaration as unknown as Declaration<
      Input<"iam", N>,
      Output<"iam", N>,
      unknown
    >;
    let requirements: readonly Requirement[] = [];
    const work = async (tx: Tx): Promise<Output<"iam", N>> => {
      const context = this.#context(tx, options.caller ?? this.root);
      const loaded = await load?.(input, context);
      requirements = authorize === "always" ? [] : await authorize(input, loaded, context);
      return await handle(input, loaded, context);
    };
    try {
      const output = await (operation.writes ? this.database.write(work) : this.database.read(work));
      return { answer: { output }, requirements };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { code, status, message } = error;
      // As the pipeline does: what no contract lists is a mistake of ours (contracts/errors.ts).
      if (!mayAnswer(iam, iam.operations[name], code)) throw new Error(`${name} may not answer ${code}`);
      return { answer: { fault: { code, status, message } }, requirements };
    }
  }

  #context(tx: Tx, caller: Actor): OperationContext {
    return {
      tx,
      caller,
      account: caller.account,
      partition: caller.partition,
      request: {
        requestId: "00000000-0000-4000-8000-000000000000",
        region: "us-east-1",
        sourceIp: "192.0.2.1",
        userAgent: undefined,
        referer: undefined,
        secure: true,
        host: undefined,
        now: this.clock.now(),
        effort: new Effort(),
      },
      environment: this.environment,
      alsoDecided: () => undefined,
      alsoConcerns: () => undefined,
      trailNote: () => undefined,
    };
  }
}
