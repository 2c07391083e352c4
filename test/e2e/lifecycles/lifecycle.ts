/** The life of one resource as data: what a program that manages it calls, and what it must find each time it looks. */
import { expect } from "vitest";
import type { Caller } from "../../harness/clients.ts";
import { valueAt } from "../../harness/operation-cases.ts";
import { sdkCall, sdkFault } from "../../harness/sdk-call.ts";

interface Call {
  readonly operation: string;
  readonly input: object;
  /** Members that the answer has at least; lists have exactly these. */
  readonly expect?: object;
  /** `CODE: MESSAGE`; without it the call must succeed. */
  readonly fault?: string;
  readonly keep?: Readonly<Record<string, string>>;
}

interface Change {
  readonly set: Readonly<Record<string, unknown>>;
  readonly calls: readonly Call[];
}

export interface Lifecycle {
  /** As the AWS provider of Terraform names it. */
  readonly resource: string;
  readonly before?: readonly Call[];
  /** Its attributes; calls name them as `${…}`. Null is one that is not set. */
  readonly set: Readonly<Record<string, unknown>>;
  /** The attributes, or what `create` keeps, that an import is given: `read` may know no other. */
  readonly import: readonly string[];
  readonly create: readonly Call[];
  /** Run after the creation and after every change: all attributes are as they are set. */
  readonly read: readonly Call[];
  readonly change: readonly Change[];
  readonly delete: readonly Call[];
  readonly gone?: readonly Call[];
  readonly after?: readonly Call[];
}

type Values = ReadonlyMap<string, unknown>;

/** @param given what the lifecycle's calls can name besides its attributes */
export async function live(who: Caller, lifecycle: Lifecycle, given: Values): Promise<void> {
  const values = new Map(given);
  const set = (attributes: Readonly<Record<string, unknown>>): void => {
    for (const [name, value] of Object.entries(attributes)) values.set(name, filled(value, values));
  };
  const run = async (calls: readonly Call[] = []): Promise<void> => {
    for (const call of calls) await made(who, call, values);
  };
  set(lifecycle.set);
  await run(lifecycle.before);
  await run(lifecycle.create);
  await run(lifecycle.read);
  for (const { set: changed, calls } of lifecycle.change) {
    set(changed);
    await run(calls);
    await run(lifecycle.read);
  }
  await run(lifecycle.delete);
  await run(lifecycle.gone);
  await run(lifecycle.after);
}

/** Names that the inputs of these calls have holes for. */
export function namedIn(calls: readonly Call[]): readonly string[] {
  const text = JSON.stringify(calls.map(({ input }) => input));
  return [...new Set([...text.matchAll(/\$\{([\w-]+)\}/g)].map(([, name]) => name!))];
}

/** All calls of a lifecycle, in their order. */
export function callsOf(lifecycle: Lifecycle): readonly Call[] {
  const { before = [], create, read, change, delete: deleted, gone = [], after = [] } = lifecycle;
  return [...before, ...create, ...read, ...change.flatMap(({ calls }) => calls), ...deleted, ...gone, ...after];
}

async function made(who: Caller, written: Call, values: Map<string, unknown>): Promise<void> {
  const { operation, input, fault } = written;
  const answer = await sdkCall(who, "iam", operation, filled(input, values) as object).then(
    (output) => ({ output, said: undefined }),
    (error: unknown) => ({ output: undefined, said: sdkFault(error) }),
  );
  expect(answer.said, operation).toBe(filled(fault, values));
  if (answer.output === undefined) return;
  const wanted = filled(written.expect, values) ?? {};
  expect(asFarAs(wanted, decoded(answer.output)), operation).toEqual(wanted);
  for (const [name, path] of Object.entries(written.keep ?? {})) values.set(name, valueAt(answer.output, path));
}

/** The members that are wanted, of what is there: one that is wanted undefined must not be there. Lists are whole. */
function asFarAs(wanted: unknown, there: unknown): unknown {
  if (Array.isArray(wanted) && Array.isArray(there)) return there.map((item, index) => asFarAs(wanted[index], item));
  if (!isObject(wanted) || !isObject(there)) return there;
  return Object.fromEntries(Object.entries(wanted).map(([name, member]) => [name, asFarAs(member, there[name])]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object";
}

/** The value with its holes filled. What is not set is undefined, and so is an object that held nothing else. */
function filled(value: unknown, values: Values): unknown {
  if (typeof value === "string") return filledText(value, values);
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, filled(member, values) ?? undefined] as const);
  const isUnset = members.length > 0 && members.every(([, member]) => member === undefined);
  return isUnset ? undefined : Object.fromEntries(members);
}

function filledText(text: string, values: Values): unknown {
  const whole = /^\$\{([\w-]+)\}$/.exec(text);
  if (whole !== null) return known(whole[1]!, values);
  return text.replaceAll(/\$\{([\w-]+)\}/g, (_, name: string) => known(name, values) as string);
}

function known(name: string, values: Values): unknown {
  if (!values.has(name)) throw new Error(`nothing is called ${name}`);
  return values.get(name);
}

const documents: ReadonlySet<string> = new Set(["PolicyDocument", "AssumeRolePolicyDocument", "Document"]);

/** Policies as they were written: IAM sends them percent-encoded. */
function decoded(value: unknown, name = ""): unknown {
  if (typeof value === "string") return documents.has(name) ? decodeURIComponent(value) : value;
  if (Array.isArray(value)) return value.map((item) => decoded(item));
  if (!isObject(value) || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, decoded(member, key)]));
}
