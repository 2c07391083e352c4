/**
 * Fifty writers on the same entities, on both databases (on PostgreSQL through two servers at once): for every burst a
 * serial order is found that explains every answer and what is there afterwards.
 */
import { beforeAll, expect, test } from "vitest";
import { randomBytes } from "node:crypto";
import type { RunningServer } from "../../../src/server/server.ts";
import { defaultQuotas } from "../../../src/operation/quotas.ts";
import { masterKey } from "../../../src/seal/master-key.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { seed } from "../../harness/seed.ts";
import { accountId, policyArn, policyText } from "../durability/subject.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { trust } from "../../harness/world.ts";
import { Random } from "../../harness/random.ts";
import { Recorder } from "./recorder.ts";
import type { Act } from "./recorder.ts";
import * as relations from "./relations.ts";
import { serialOrder } from "./serial-order.ts";
import type { Step } from "./serial-order.ts";

const writers = 50;
const callsOfOne = 3;

onEachDatabase("fifty writers", (start, backend) => {
  const random = new Random(seed);
  let servers: RunningServer[];
  let keys: SigningCredentials;

  beforeAll(async () => {
    const { location: database } = await backend.place();
    const options = {
      database,
      masterKey: masterKey(randomBytes(32), "the test"),
      first: { id: accountId },
      quotas: {
        ...defaultQuotas,
        // The administrator is one of them.
        usersPerAccount: 4,
        groupsPerAccount: 3,
        rolesPerAccount: 3,
        policiesPerAccount: 3,
        groupsPerUser: 1,
        attachedPoliciesPerUser: 1,
      },
      onError: () => undefined,
    };
    servers = [await start(options)];
    if (backend.name === "postgresql") servers.push(await start(options));
    keys = servers[0]!.created[0]!;
  });

  /** A burst, then one look at the end. */
  async function burst<S>(
    initial: S,
    keyOf: (state: S) => string,
    next: (recorder: Recorder<S>, writer: number) => Promise<unknown>,
    look: Act<S>,
  ): Promise<void> {
    const recorder = new Recorder<S>(servers, keys);
    await recorder.writers(writers, async (writer) => {
      for (let count = 0; count < callsOfOne; count++) await next(recorder, writer);
    });
    for (const index of servers.keys()) await recorder.act(index, look);
    const { calls } = recorder;
    const changed = calls.filter(({ answer }) => answer.startsWith("ok")).length;
    const story = () =>
      calls
        .toSorted((a, b) => a.ended - b.ended)
        .map(({ what }) => what)
        .join("\n");
    if (serialOrder(initial, calls, keyOf) === null) throw new Error(`no serial order, seed ${seed}:\n${story()}`);
    // Neither must all succeed (then nobody stood in anybody's way) nor none.
    expect(changed).toBeGreaterThan(3);
    expect(changed).toBeLessThan(calls.length);
  }

  const kinds = {
    User: { most: 3, more: {} },
    Group: { most: 3, more: {} },
    Role: { most: 3, more: { AssumeRolePolicyDocument: trust({ AWS: accountId }) } },
    Policy: { most: 3, more: { PolicyDocument: policyText(1) } },
  };
  const lists = { User: "Users", Group: "Groups", Role: "Roles", Policy: "Policies" };
  const names = ["Alpha", "ALPHA", "alpha", "Beta", "beta", "Gamma", "GAMMA", "Delta"];

  test.each(Object.keys(kinds) as (keyof typeof kinds)[])(
    "%s: names are unique regardless of case, and the quota holds",
    async (kind) => {
      const { most, more } = kinds[kind];
      type Names = ReadonlySet<string>;
      const create = (name: string): Act<Names> => ({
        parameters: { Action: `Create${kind}`, [`${kind}Name`]: name, ...more },
        step(state) {
          const key = name.toLowerCase();
          if (state.has(key)) return { answer: "EntityAlreadyExists", next: state };
          if (state.size >= most) return { answer: "LimitExceeded", next: state };
          return { answer: "ok", next: new Set([...state, key]) };
        },
      });
      const remove = (name: string): Act<Names> => ({
        parameters: { Action: `Delete${kind}`, ...(kind === "Policy" ? {} : { [`${kind}Name`]: name }) },
        step(state) {
          const key = name.toLowerCase();
          if (!state.has(key)) return { answer: "NoSuchEntity", next: state };
          return { answer: "ok", next: new Set([...state].filter((other) => other !== key)) };
        },
      });
      const keyOf = (state: Names) => [...state].sort().join();
      const look: Act<Names> = {
        reads: true,
        parameters: { Action: `List${lists[kind]}`, ...(kind === "Policy" ? { Scope: "Local" } : {}) },
        detail: (body) => namesIn(body, kind),
        step: (state) => ({ answer: `ok ${keyOf(state)}`, next: state }),
      };
      const next = (recorder: Recorder<Names>, writer: number) => {
        const name = random.pick(names);
        // A policy is deleted by its ARN, and an ARN knows case.
        if (kind === "Policy" || random.chance(0.6)) return recorder.act(writer, create(name));
        return recorder.act(writer, random.chance(0.15) ? look : remove(name));
      };
      await burst<Names>(new Set(), keyOf, next, look);
      await tidy(kind);
    },
  );

  /** Makes room for the next burst. */
  async function tidy(kind: keyof typeof kinds): Promise<void> {
    const recorder = new Recorder<null>(servers, keys);
    const step = (state: null): Step<null> => ({ answer: "ok", next: state });
    for (const name of names) {
      const which = kind === "Policy" ? { PolicyArn: policyArn(name) } : { [`${kind}Name`]: name };
      await recorder.act(0, { parameters: { Action: `Delete${kind}`, ...which }, step });
    }
  }

  test("a user has two access keys at most", async () => {
    type Keys = readonly string[];
    const UserName = "keyed";
    const step = (state: null): Step<null> => ({ answer: "ok", next: state });
    await new Recorder<null>(servers, keys).act(0, { parameters: { Action: "CreateUser", UserName }, step });
    const create: Act<Keys> = {
      parameters: { Action: "CreateAccessKey", UserName },
      detail: (body) => /<AccessKeyId>(\w+)</.exec(body)![1]!,
      step(state, answer) {
        if (state.length >= 2) return { answer: "LimitExceeded", next: state };
        return { answer: answer.startsWith("ok ") ? answer : "ok", next: [...state, answer.slice(3)].sort() };
      },
    };
    const remove = (AccessKeyId: string): Act<Keys> => ({
      parameters: { Action: "DeleteAccessKey", UserName, AccessKeyId },
      step(state) {
        if (!state.includes(AccessKeyId)) return { answer: "NoSuchEntity", next: state };
        return { answer: "ok", next: state.filter((id) => id !== AccessKeyId) };
      },
    });
    const look: Act<Keys> = {
      reads: true,
      parameters: { Action: "ListAccessKeys", UserName },
      detail: (body) =>
        [...body.matchAll(/<AccessKeyId>(\w+)</g)]
          .map((match) => match[1]!)
          .sort()
          .join(),
      step: (state) => ({ answer: `ok ${state.join()}`, next: state }),
    };
    const known = ["AKIAAAAAAAAAAAAAAAAA"];
    await burst<Keys>(
      [],
      (state) => state.join(),
      async (recorder, writer) => {
        const choice = random.next();
        if (choice < 0.15) return recorder.act(writer, look);
        if (choice < 0.55) return recorder.act(writer, remove(random.pick(known)));
        const answer = await recorder.act(writer, create);
        if (answer.startsWith("ok ")) known.push(answer.slice(3));
      },
      look,
    );
  });

  test("a policy has five versions at most, never two of one number, and always its default", async () => {
    interface Versions {
      readonly numbers: readonly number[];
      readonly standard: number;
      readonly next: number;
    }
    const PolicyArn = policyArn("versioned");
    const plain = (state: null): Step<null> => ({ answer: "ok", next: state });
    const making = { Action: "CreatePolicy", PolicyName: "versioned", PolicyDocument: policyText(1) };
    await new Recorder<null>(servers, keys).act(0, { parameters: making, step: plain });
    let newest = 1;
    const create = (asDefault: boolean): Act<Versions> => ({
      parameters: {
        Action: "CreatePolicyVersion",
        PolicyArn,
        PolicyDocument: policyText(2),
        SetAsDefault: String(asDefault),
      },
      detail: (body) => /<VersionId>(\w+)</.exec(body)![1]!,
      step(state) {
        const { numbers, standard, next } = state;
        if (numbers.length >= 5) return { answer: "LimitExceeded", next: state };
        const made = { numbers: [...numbers, next], standard: asDefault ? next : standard, next: next + 1 };
        return { answer: `ok v${next}`, next: made };
      },
    });
    const change = (Action: "DeletePolicyVersion" | "SetDefaultPolicyVersion", number: number): Act<Versions> => ({
      parameters: { Action, PolicyArn, VersionId: `v${number}` },
      step(state) {
        if (!state.numbers.includes(number)) return { answer: "NoSuchEntity", next: state };
        if (Action === "SetDefaultPolicyVersion") {
          return { answer: "ok", next: state.standard === number ? state : { ...state, standard: number } };
        }
        if (state.standard === number) return { answer: "DeleteConflict", next: state };
        return { answer: "ok", next: { ...state, numbers: state.numbers.filter((other) => other !== number) } };
      },
    });
    const look: Act<Versions> = {
      reads: true,
      parameters: { Action: "ListPolicyVersions", PolicyArn },
      detail: (body) =>
        [...body.matchAll(/<member>([^]*?)<\/member>/g)]
          .map(([, it]) => `${/>v(\d+)</.exec(it!)![1]}${it!.includes("<IsDefaultVersion>true") ? "*" : ""}`)
          .sort()
          .join(),
      step: (state) => {
        const shown = state.numbers.map((number) => `${number}${number === state.standard ? "*" : ""}`);
        return { answer: `ok ${shown.sort().join()}`, next: state };
      },
    };
    await burst<Versions>(
      { numbers: [1], standard: 1, next: 2 },
      (state) => JSON.stringify(state),
      async (recorder, writer) => {
        const choice = random.next();
        if (choice < 0.15) return recorder.act(writer, look);
        const number = Math.max(1, newest + 1 - random.below(6));
        if (choice < 0.45) return recorder.act(writer, change("DeletePolicyVersion", number));
        if (choice < 0.6) return recorder.act(writer, change("SetDefaultPolicyVersion", number));
        const answer = await recorder.act(writer, create(random.chance(0.3)));
        if (answer.startsWith("ok v")) newest = Math.max(newest, Number(answer.slice(4)));
      },
      look,
    );
  });

  test("who is deleted is in no group and has nothing attached, and what is attached is there", async () => {
    await burst(
      relations.nothing,
      relations.keyOf,
      (recorder, writer) => recorder.act(writer, relations.randomAct(random)),
      relations.look,
    );
  });
});

/** Names of a list's members, in lower case and sorted; the administrator is not counted. */
function namesIn(body: string, kind: string): string {
  const found = [...body.matchAll(new RegExp(`<${kind}Name>(\\w+)<`, "g"))].map((match) => match[1]!.toLowerCase());
  return found
    .filter((name) => name !== "administrator")
    .sort()
    .join();
}
