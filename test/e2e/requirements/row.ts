/** A row of test/cases/e2e/requirements, made ready to be called: what stands, who calls, what that needs. */
import { fill, valueAt } from "../../harness/operation-cases.ts";
import { casesBelow, casesIn } from "../../harness/cases.ts";
import { selfSigned } from "../../harness/certificate.ts";
import type { Caller } from "../../harness/clients.ts";
import { material } from "../../harness/material.ts";
import { sdkCall } from "../../harness/sdk-call.ts";
import { accountA, allow, document, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

interface Call {
  readonly operation: string;
  readonly input: object;
  readonly keep?: Readonly<Record<string, string>>;
}

/** What stands, and can be asked for by a name. */
interface Fixture {
  readonly fixture: string;
  readonly given?: readonly string[];
  readonly calls: readonly Call[];
}

export interface Row {
  readonly service?: "iam" | "sts";
  readonly operation: string;
  /** What is special in this call of the operation. */
  readonly name?: string;
  /** Fixtures: each keeps the ARN of what it makes under its type's name. */
  readonly given?: readonly string[];
  /** What the administrator does besides. */
  readonly prepare?: readonly Call[];
  readonly input: Readonly<Record<string, unknown>>;
  /** ARNs of what is there, by type, where no fixture made it. */
  readonly on?: Readonly<Record<string, string>>;
  /** ARNs of what is not there yet: their requests have no keys of the resource. */
  readonly makes?: Readonly<Record<string, string>>;
  /** Which type, where the action has several. */
  readonly type?: string;
  /** `CODE: MESSAGE`, where whoever may is told that there is none. */
  readonly fault?: string;
  /** Values of condition keys that do not follow from the input. */
  readonly keys?: Readonly<Record<string, string>>;
}

const folder = "e2e/requirements";
export const rows = casesBelow<Row>(`${folder}/rows`);
const fixtures = new Map<string, Fixture>();
for (const one of casesIn<Fixture>(`${folder}/fixtures.jsonl`)) {
  if (fixtures.has(one.fixture)) throw new Error(`two fixtures are called ${one.fixture}`);
  fixtures.set(one.fixture, one);
}

/** What every user and role of a fixture has. */
export const boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess";

export interface Ready {
  readonly row: Row;
  /** ARNs by type, or by another name of the row. */
  readonly arns: ReadonlyMap<string, string>;
  /** Calls with the row's input. */
  readonly call: () => Promise<object>;
  /** Gives the caller this policy and no other; none without statements. */
  readonly allow: (statements: readonly object[]) => Promise<unknown>;
}

/** Who makes all calls of rows, allowed one after the other what each is about. */
export async function makeCaller(world: World): Promise<Caller> {
  const caller = await world.user(world.a, "caller");
  await world.a.iam.tagUser({ UserName: "caller", Tags: [{ Key: "team", Value: "blue" }] });
  return caller;
}

/** Makes all that the row is given. @param id names everything, so that no row meets another's */
export async function ready(admin: Caller, caller: Caller, id: string, written: Row): Promise<Ready> {
  const certificate = selfSigned();
  const kept = new Map([
    ["id", id],
    ["account", accountA],
    ["boundary", boundary],
    ["caller", `arn:aws:iam::${accountA}:user/caller`],
    ["document", document(allow("s3:ListAllMyBuckets"))],
    ["trust", trust({ AWS: accountA }, ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"])],
    ["certificate", certificate.cert],
    ["certificate-key", certificate.key],
    ["metadata", material.metadata],
    ["ssh-key", material.sshKey],
  ]);
  for (const call of callsOf(written)) await keeping(admin, call, kept);
  const row = fill(written, kept);
  const arns = new Map([...kept, ...Object.entries(row.on ?? {}), ...Object.entries(row.makes ?? {})]);
  const policy = { UserName: "caller", PolicyName: "own" };
  return {
    row,
    arns,
    call: () => sdkCall(caller, row.service ?? "iam", row.operation, row.input),
    allow: (statements) => admin.iam.putUserPolicy({ ...policy, PolicyDocument: document(nothing, ...statements) }),
  };
}

/** A policy needs a statement. */
const nothing = { Effect: "Allow", Action: "none:None", Resource: "*" };

/** What the administrator calls first, fixtures of fixtures before them, each once. */
export function callsOf({ given = [], prepare = [] }: Pick<Row, "given" | "prepare">): readonly Call[] {
  const made = given.flatMap((name) => {
    const fixture = fixtures.get(name);
    if (fixture === undefined) throw new Error(`no fixture ${name}`);
    return [...callsOf(fixture), ...fixture.calls];
  });
  return [...new Set([...made, ...prepare])];
}

async function keeping(who: Caller, written: Call, kept: Map<string, string>): Promise<void> {
  const { operation, input, keep = {} } = fill(written, kept);
  const output = await sdkCall(who, "iam", operation, input);
  for (const [name, path] of Object.entries(keep)) kept.set(name, valueAt(output, path));
}
