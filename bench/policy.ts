/**
 * The policy engine against its floor: a Map look-up and a prepared regular expression on the same requests.
 * Medians of paired runs on one core; contexts are prepared outside the timing, decisions are complete with all layers,
 * and no decision is cached. Run by `npm run bench`.
 */
import { pathToFileURL } from "node:url";
import { compile, contextOf, evaluate, explain, parse } from "../src/policy/index.ts";
import type {
  CompiledPolicy,
  Context,
  Policies,
  PolicyDocument,
  PolicyKind,
  Principal,
  Request,
} from "../src/policy/index.ts";

export interface Row {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number | null;
  readonly ratio: number | null;
  /** Most that `ratio` (or `value`, where there is no ratio) may be. */
  readonly goal: number | null;
  readonly met: boolean | null;
}

const account = "111122223333";
const requestCount = 2000;
const rounds = 21;

const principal = {
  type: "RoleSession",
  account,
  arn: `arn:aws:sts::${account}:assumed-role/app/job`,
  roleArn: `arn:aws:iam::${account}:role/app`,
  roleId: "AROAAAAAAAAAAAAAAAAA2",
  sessionName: "job",
} as const satisfies Principal;

type Json = Record<string, unknown>;

function document(...statements: Json[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function allow(action: string | string[], resource: string | string[], more: Json = {}): Json {
  return { Effect: "Allow", Action: action, Resource: resource, ...more };
}

function policy(text: string, kind: PolicyKind, id: string): CompiledPolicy {
  return compile(text, kind, { id });
}

interface Work {
  readonly name: string;
  readonly texts: readonly string[];
  readonly policies: Policies;
  readonly requests: readonly Request[];
}

function contextFor(index: number): Context {
  return contextOf({
    "aws:SourceIp": `10.1.${index % 256}.7`,
    "aws:PrincipalArn": principal.arn,
    "aws:CurrentTime": "2026-06-01T12:00:00Z",
    "aws:SecureTransport": true,
    "aws:MultiFactorAuthPresent": true,
    "aws:username": `user${index % 10}`,
  });
}

function requests(of: (index: number) => readonly [action: string, resource: string]): Request[] {
  return Array.from({ length: requestCount }, (_, index) => {
    const [action, resource] = of(index);
    return { principal, action, resource, resourceAccount: account, context: contextFor(index) };
  });
}

/** One small policy. */
function w1(): Work {
  const texts = [
    document(
      allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::data/*"),
      allow("s3:ListBucket", "arn:aws:s3:::data"),
      allow("sqs:*", "arn:aws:sqs:*:*:jobs-*", { Condition: { Bool: { "aws:SecureTransport": "true" } } }),
    ),
  ];
  const asked = requests((index) => {
    const kinds: readonly (readonly [string, string])[] = [
      ["s3:GetObject", `arn:aws:s3:::data/key-${index}`],
      ["s3:GetObject", `arn:aws:s3:::other/key-${index}`],
      ["sqs:SendMessage", `arn:aws:sqs:eu-west-1:${account}:jobs-${index}`],
      ["s3:DeleteObject", `arn:aws:s3:::data/key-${index}`],
    ];
    return kinds[index % kinds.length]!;
  });
  return {
    name: "W1",
    texts,
    policies: { identity: texts.map((text, index) => policy(text, "identity", `w1-${index}`)) },
    requests: asked,
  };
}

function w2Texts(conditions: boolean): string[] {
  const condition = conditions
    ? {
        Condition: {
          IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "192.168.0.0/16"] },
          DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" },
        },
      }
    : {};
  return Array.from({ length: 10 }, (_, number) =>
    document(
      ...Array.from({ length: 20 }, (_, statement) =>
        allow(
          [`svc${statement}:Get${number}*`, `svc${statement}:Put${number}`],
          [`arn:aws:svc${statement}:*:*:thing/p${number}/*`, `arn:aws:svc${statement}:::other`],
          condition,
        ),
      ),
    ),
  );
}

function w2Requests(): Request[] {
  return requests((index) => {
    const service = index % 20;
    const number = Math.floor(index / 20) % 10;
    const action = index % 4 < 2 ? `svc${service}:Get${number}Item` : `svc${service}:Put${number}`;
    return [action, `arn:aws:svc${service}:eu-west-1:${account}:thing/p${index % 2 === 0 ? number : "x"}/${index}`];
  });
}

/** Ten policies of twenty statements. */
function w2(): Work {
  const texts = w2Texts(false);
  return {
    name: "W2",
    texts,
    policies: { identity: texts.map((text, index) => policy(text, "identity", `w2-${index}`)) },
    requests: w2Requests(),
  };
}

/** Ten policies with 10,000 action patterns in all: the shape and size of ReadOnlyAccess. */
function w3(): Work {
  const texts = Array.from({ length: 10 }, (_, number) =>
    document(
      allow(
        Array.from({ length: 1000 }, (_, index) => {
          const service = `svc${number * 25 + (index % 25)}`;
          return index % 4 === 0
            ? `${service}:Describe${index}*`
            : index % 4 === 1
              ? `${service}:List${index}*`
              : `${service}:Get${index}`;
        }),
        "*",
      ),
    ),
  );
  const asked = requests((index) => {
    const number = index % 10;
    const pattern = (index * 7) % 1000;
    const service = `svc${number * 25 + (pattern % 25)}`;
    const verb =
      pattern % 4 === 0 ? `Describe${pattern}Things` : pattern % 4 === 1 ? `List${pattern}Things` : `Get${pattern}`;
    return [
      index % 20 < 10 ? `${service}:${verb}` : `${service}:Delete${pattern}`,
      `arn:aws:${service}:eu-west-1:${account}:thing/${index}`,
    ];
  });
  return {
    name: "W3",
    texts,
    policies: { identity: texts.map((text, index) => policy(text, "identity", `w3-${index}`)) },
    requests: asked,
  };
}

/** W2 with every other layer and conditions. */
function w4(): Work {
  const texts = w2Texts(true);
  const mfa = { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } };
  const everything = document(allow("*", "*"));
  const guarded = document(allow("*", "*"), {
    Effect: "Deny",
    Action: "svc0:Delete*",
    Resource: "*",
    Condition: { StringNotLike: { "aws:PrincipalArn": "*admin*" } },
  });
  const bucket = document(
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::444455556666:root" }, Action: "svc1:*", Resource: "*" },
    {
      Effect: "Deny",
      Principal: "*",
      Action: "*",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  );
  const policies: Policies = {
    identity: texts.map((text, index) => policy(text, "identity", `w4-${index}`)),
    resource: policy(bucket, "resource", "bucket"),
    boundaries: [policy(document(allow("svc*:*", "*", mfa)), "boundary", "boundary")],
    session: [policy(document(allow(["*:Get*", "*:Put*"], "arn:aws:*:*:*:thing/*")), "session", "session")],
    scps: [[policy(everything, "scp", "root")], [policy(guarded, "scp", "unit")], [policy(guarded, "scp", "account")]],
  };
  return { name: "W4", texts, policies, requests: w2Requests() };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Nanoseconds for one call. */
function time(count: number, run: () => void): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / count;
}

let sink = 0;

function floorOf({ requests: asked }: Work): () => void {
  const patterns = new Map(asked.map(({ action }) => [action, /^arn:aws:[a-z0-9]+:/]));
  return () => {
    for (const { action, resource } of asked) if (patterns.get(action)!.test(resource)) sink++;
  };
}

function pairs(
  work: Work,
  run: (request: Request) => unknown,
  asked = work.requests,
): { floor: number; value: number; ratio: number } {
  const floor = floorOf(work);
  const measured = () => {
    for (const request of asked) if (run(request) === null) sink++;
  };
  for (let warm = 0; warm < 30; warm++) {
    floor();
    measured();
  }
  const floors: number[] = [];
  const values: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const repeat = asked.length < requestCount ? 1 : 10;
    const low = time(requestCount * 10, () => {
      for (let index = 0; index < 10; index++) floor();
    });
    const high = time(asked.length * repeat, () => {
      for (let index = 0; index < repeat; index++) measured();
    });
    floors.push(low);
    values.push(high);
    ratios.push(high / low);
  }
  return { floor: median(floors), value: median(values), ratio: median(ratios) };
}

function row(
  bench: string,
  metric: string,
  value: number,
  unit: string,
  goal: number | null,
  floor: number | null = null,
  ratio: number | null = null,
): Row {
  const compared = ratio ?? value;
  return {
    bench,
    metric,
    value: round(value),
    unit,
    floor: floor === null ? null : round(floor),
    ratio: ratio === null ? null : round(ratio),
    goal,
    met: goal === null ? null : compared <= goal,
  };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

/** Actions that were never asked before, so that the index itself is searched and nothing is remembered. */
function unseenRow(work: Work): Row {
  const asked = Array.from({ length: 30_000 }, (_, index): Request => {
    const one = work.requests[index % requestCount]!;
    return { ...one, action: `${one.action}${index}` };
  });
  let next = 0;
  const times = Array.from({ length: 15 }, () =>
    time(2000, () => {
      for (const end = next + 2000; next < end; next++) evaluate(asked[next]!, work.policies);
    }),
  );
  return row(work.name, "evaluate, action never seen", median(times), "ns", null);
}

/** Runs all measurements of the engine, some ten seconds. */
export function run(): Promise<Row[]> {
  const rows: Row[] = [];
  const goals = [22, 45, 45, 150];
  const evaluated = new Map<string, number>();
  for (const [index, work] of [w1(), w2(), w3(), w4()].entries()) {
    const allowed = work.requests.filter((request) => evaluate(request, work.policies).allowed).length;
    rows.push(row(work.name, "allowed", (100 * allowed) / requestCount, "%", null));
    const { floor, value, ratio } = pairs(work, (request) => evaluate(request, work.policies));
    evaluated.set(work.name, value);
    rows.push(row(work.name, "evaluate", value, "ns", goals[index]!, floor, ratio));
    rows.push(unseenRow(work));
    const some = work.requests.slice(0, 400);
    const explained = pairs(work, (request) => explain(request, work.policies), some);
    const changes = pairs(work, (request) => explain(request, work.policies).changes, some);
    if (work.name === "W1")
      rows.push(row("W1", "explain over evaluate", explained.value, "ns", 20, value, explained.value / value));
    rows.push(row(work.name, "explain", explained.value / 1e6, "ms", work.name === "W3" ? 5 : null));
    rows.push(row(work.name, "explain with changes", changes.value / 1e6, "ms", work.name === "W3" ? 5 : null));
  }
  rows.push(
    row(
      "W3",
      "evaluate over W1",
      evaluated.get("W3")!,
      "ns",
      2,
      evaluated.get("W1")!,
      evaluated.get("W3")! / evaluated.get("W1")!,
    ),
  );
  rows.push(...compileRows(), ...hostileRows());
  return Promise.resolve(rows);
}

/** Compiling the ten policies of W3 from documents and from text; the cache is avoided by a new Sid each time. */
function compileRows(): Row[] {
  const { texts } = w3();
  let run = 0;
  const fresh = () => texts.map((text) => text.replace('{"Effect"', `{"Sid":"s${run++}","Effect"`));
  const fromText: number[] = [];
  const fromDocument: number[] = [];
  for (let index = 0; index < rounds; index++) {
    const some = fresh();
    fromText.push(time(1, () => some.forEach((text) => compile(text, "identity"))));
    const documents: PolicyDocument[] = some.map((text) => parse(text));
    fromDocument.push(time(1, () => documents.forEach((one) => compile(one, "identity"))));
  }
  return [
    row("W3", "compile from text", median(fromText) / 1e6, "ms", 25),
    row("W3", "compile from document", median(fromDocument) / 1e6, "ms", 25),
    ...compiledSizeRows(texts),
  ];
}

/** Heap that a compiled W3 holds beside its documents; only where the collector can be called (node --expose-gc). */
function compiledSizeRows(texts: readonly string[]): Row[] {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) return [];
  const documents = texts.map((text) => parse(text));
  collect();
  const before = process.memoryUsage().heapUsed;
  const kept = documents.map((one) => compile(one, "identity"));
  collect();
  const size = process.memoryUsage().heapUsed - before;
  return [row("W3", `compiled size of ${kept.length} policies`, size / 1024, "KiB", null)];
}

/** What an attacker can do with patterns: time may grow as the text does, and no faster. */
function hostileRows(): Row[] {
  const shapes: readonly (readonly [string, (size: number) => readonly [pattern: string, text: string]])[] = [
    ["*a*a*a*b", (size) => ["*a*a*a*b", "a".repeat(size)]],
    ["*ab*ab*ab*c", (size) => ["*ab*ab*ab*c*", "ab".repeat(size / 2)]],
    ["stars only", (size) => ["*".repeat(size), "a".repeat(size)]],
    ["*?*?…", (size) => ["*?".repeat(size / 2), "a".repeat(size)]],
    ["segment of 512", (size) => [`*${"a".repeat(511)}b*`, "a".repeat(size)]],
    ["segment of 256 ?a", (size) => [`*${"?a".repeat(256)}b*`, "a".repeat(size)]],
  ];
  return shapes.map(([name, make]) => {
    const [small, large] = [2048, 16_384].map((size) => {
      const [pattern, text] = make(size);
      const policies = { identity: [compile(parse(document(allow("*", pattern))), "identity")] };
      const request: Request = {
        principal,
        action: "s3:GetObject",
        resource: text,
        resourceAccount: account,
        context: contextFor(0),
      };
      evaluate(request, policies);
      // The least of many: whatever else the machine did can only have added to the others.
      return Math.min(
        ...Array.from({ length: rounds }, () =>
          time(20, () => {
            for (let index = 0; index < 20; index++) evaluate(request, policies);
          }),
        ),
      );
    });
    // Eight times the text (and the pattern): linear in the text is a growth of 8, twice that is the noise of small times.
    return row("hostile", `${name}: growth from 2 KB to 16 KB`, large!, "ns", 16, small!, large! / small!);
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const one of await run()) console.log(JSON.stringify(one));
}
