/**
 * What a row's call needs: by the Service Authorization Reference, and by our reviewed tables of what it lacks. Nothing
 * here looks at what the operations themselves declare.
 */
import { casesIn } from "../../harness/cases.ts";
import { boundary } from "./row.ts";
import type { Ready, Row } from "./row.ts";
import { isResourceType, referenceAction, resourceType } from "./reference.ts";
import type { ConditionKey } from "./reference.ts";

/** What must be allowed beside the action that is called as the operation, or instead of it. */
interface Beyond {
  readonly operation: string;
  /** Only where the input has this member. */
  readonly with?: string;
  readonly action?: string;
  /** A type of resource, or a name of the row. */
  readonly on?: string;
  /** An action that the reference has, where it leaves out the one of the operation's own name. */
  readonly like?: string;
  /** That there is no action of the operation's own name. */
  readonly noneOfItsOwn?: true;
  readonly source: string;
}

/** Keys that the reference names and the calls of the rows cannot have. */
interface Absent {
  /** A `*` at the end stands for the rest. */
  readonly keys: readonly string[];
  readonly operations?: readonly string[];
  readonly because: string;
}

const beyond = casesIn<Beyond>("e2e/requirements/beyond-the-reference.jsonl");
const absent = casesIn<Absent>("e2e/requirements/absent-keys.jsonl");

export interface KeyValue extends ConditionKey {
  readonly value: string;
}

export interface Need {
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  readonly keys: readonly KeyValue[];
}

export async function needsOf(call: Ready): Promise<Need[]> {
  const { row } = call;
  const more = beyond.filter(
    (one) => one.operation === row.operation && (one.with === undefined || row.input[one.with] !== undefined),
  );
  const own = more.some(({ noneOfItsOwn }) => noneOfItsOwn) ? [] : [{ action: actionOf(row), on: row.type }];
  const others = more.flatMap(({ action, on }) => (action === undefined ? [] : [{ action, on }]));
  const like = more.find((one) => one.like !== undefined)?.like;
  return Promise.all([...own, ...others].map(({ action, on }) => needOf(action, on, call, like)));
}

function actionOf({ service = "iam", operation }: Row): string {
  return `${service}:${operation}`;
}

/** @param on a type, or a name of the row; without it the type that the reference has */
async function needOf(action: string, on: string | undefined, call: Ready, like = action): Promise<Need> {
  const referred = await referenceAction(like);
  if (referred === null) throw new Error(`the reference has no ${action}`);
  const type = on !== undefined && (await isResourceType(action, on)) ? on : referred.types[0];
  if (type === undefined) return { action, resource: "*", keys: valuesOf(action, referred.keys, call) };
  if (on === undefined && referred.types.length > 1) throw new Error(`${action}: which of ${referred.types.join()}?`);
  const resource = call.arns.get(on ?? type);
  if (resource === undefined) throw new Error(`${action}: the row has no ${on ?? type}`);
  const { arn, keys } = await resourceType(action, type);
  if (!arn.test(resource)) throw new Error(`${action}: ${resource} is no ${type}`);
  const isThere = call.row.makes?.[on ?? type] === undefined;
  const all = new Map([...(isThere ? keys : []), ...referred.keys].map((one) => [one.key, one]));
  return { action, resource, keys: valuesOf(action, [...all.values()], call) };
}

function valuesOf(action: string, keys: readonly ConditionKey[], { row }: Ready): KeyValue[] {
  return keys.flatMap((key) => {
    const found = given(key.key, row) ?? derived(key.key, row);
    if (found === null && isAbsent(key.key, row)) return [];
    if (found === null) throw new Error(`${action}: the row gives no value of ${key.key}`);
    return [{ ...key, ...found }];
  });
}

function isAbsent(key: string, { operation }: Row): boolean {
  const means = (name: string) => (name.endsWith("*") ? key.startsWith(name.slice(0, -1)) : key === name);
  return absent.some(({ keys, operations }) => keys.some(means) && (operations?.includes(operation) ?? true));
}

type Found = Pick<KeyValue, "key" | "value"> | null;

function given(key: string, { keys = {} }: Row): Found {
  const found = Object.entries(keys).find(([name]) => name.replace(/\/.*/, "/${TagKey}") === key);
  return found === undefined ? null : { key: found[0], value: found[1] };
}

/** What the input brings, and what all fixtures have. */
function derived(key: string, { input }: Row): Found {
  const { Tags, TagKeys, PermissionsBoundary, PolicyArn } = input as {
    readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
    readonly TagKeys?: readonly string[];
    readonly PermissionsBoundary?: string;
    readonly PolicyArn?: string;
  };
  const tag = Tags?.[0];
  const values: Readonly<Record<string, { readonly name?: string; readonly value: string | undefined }>> = {
    "aws:RequestTag/${TagKey}": { name: `aws:RequestTag/${tag?.Key}`, value: tag?.Value },
    "aws:TagKeys": { value: tag?.Key ?? TagKeys?.[0] },
    "aws:ResourceTag/${TagKey}": { name: "aws:ResourceTag/team", value: "blue" },
    "iam:ResourceTag/${TagKey}": { name: "iam:ResourceTag/team", value: "blue" },
    "iam:PermissionsBoundary": { value: PermissionsBoundary ?? boundary },
    "iam:PolicyARN": { value: PolicyArn },
  };
  const { name = key, value } = values[key] ?? { value: undefined };
  return value === undefined ? null : { key: name, value };
}
