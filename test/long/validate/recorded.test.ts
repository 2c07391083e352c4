import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { regions } from "../../../src/cli/regions.gen.ts";
import { loadServiceData } from "../../../src/cli/service-data.ts";
import { checks } from "../../../src/policy/validate/catalogue.ts";
import { own } from "../../../src/policy/validate/catalogue/own.ts";
import type { Finding, IssueCode } from "../../../src/policy/validate/finding.ts";
import { servicesOf, validate } from "../../../src/policy/validate/validate.ts";
import { casesIn } from "../../harness/cases.ts";

// What Access Analyzer answered about AWS's managed policies in March 2026 (data/access-analyzer).

interface Recorded {
  readonly policy: string;
  readonly type: string;
  readonly code: IssueCode;
  readonly paths: readonly string[];
}

/** Findings of one policy and code that only one of the two has, and why: docs/findings.md says it too. */
interface Difference {
  readonly policy: string;
  readonly code: string;
  readonly only: "aws" | "rolecall";
  /** The first path of each. */
  readonly paths: readonly string[];
  readonly reason: string;
}

interface Found {
  readonly code: IssueCode;
  readonly path: string;
}

const data = (path: string) => new URL(`../../../data/${path}`, import.meta.url);
const lines = (path: string) => readFileSync(data(path), "utf8").trim().split("\n");

const { policies } = JSON.parse(gunzipSync(readFileSync(data("aws-managed-policies.json.gz"))).toString()) as {
  policies: { readonly name: string; readonly version: string; readonly document: unknown }[];
};
const carried = new Map(policies.map((policy) => [policy.name, policy]));
const judged = lines("access-analyzer/judged.tsv")
  .map((line) => line.split("\t") as [name: string, version: string])
  .filter(([name, version]) => carried.get(name)?.version === version)
  .map(([name]) => ({ name, text: JSON.stringify(carried.get(name)!.document) }));
const recorded = grouped(
  lines("access-analyzer/findings.jsonl").map((line) => JSON.parse(line) as Recorded),
  ({ policy }) => policy,
);

let found: Promise<ReadonlyMap<string, readonly Finding[]>> | undefined;

/** Our findings, made when they are asked for first: mutation testing leaves slow tests out, not slow files. */
function ours(): Promise<ReadonlyMap<string, readonly Finding[]>> {
  found ??= loadServiceData(new Set(judged.flatMap(({ text }) => servicesOf(text)))).then(
    (services) =>
      new Map(judged.map(({ name, text }) => [name, validate(text, { kind: "identity", services, regions })])),
  );
  return found;
}

function grouped<T, K>(list: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

/** What is left when each recorded finding has taken one of ours that has its code and one of its paths. */
function compare(aws: readonly Recorded[], rolecall: readonly Found[]): { aws: Found[]; rolecall: Found[] } {
  const left = [...rolecall];
  const missing: Found[] = [];
  for (const { code, paths } of aws) {
    const at = left.findIndex((one) => one.code === code && paths.includes(one.path));
    if (at >= 0) left.splice(at, 1);
    else missing.push({ code, path: paths[0]! });
  }
  return { aws: missing, rolecall: left };
}

function differences(findings: ReadonlyMap<string, readonly Finding[]>): Omit<Difference, "reason">[] {
  return judged.flatMap(({ name }) => {
    const byCodesOfAws = findings.get(name)!.filter(({ code }) => !(code in own));
    const sides = compare(recorded.get(name) ?? [], byCodesOfAws);
    return (["aws", "rolecall"] as const).flatMap((only) =>
      [...grouped(sides[only], ({ code }) => code)].map(([code, list]) => ({
        policy: name,
        code,
        only,
        paths: list.map(({ path }) => path),
      })),
    );
  });
}

const listed = casesIn<Difference>("policy-validate/recorded-differences.jsonl");

describe("AWS's findings about its own policies", () => {
  it("are as many as were recorded, of the versions that are carried here", () => {
    expect(judged.length).toBeGreaterThan(1200);
  });

  it("are ours, but for the differences that are listed", async () => {
    const shown = (list: readonly Omit<Difference, "reason">[]) =>
      list.map(({ policy, code, only, paths }) => `${only} alone: ${policy} ${code} ${paths.join(" ")}`).toSorted();
    expect(shown(differences(await ours()))).toEqual(shown(listed));
  });

  it("have our types", () => {
    const types = [...recorded.values()].flat().map(({ code, type }) => [code, type]);
    expect(types).toEqual(types.map(([code]) => [code, checks[code as IssueCode].type]));
  });

  it("are errors of the same policies, but for those, with errors of our own counted", async () => {
    const withErrors = (list: ReadonlyMap<string, readonly { readonly type: string }[]>) =>
      judged.map(({ name }) => name).filter((name) => list.get(name)?.some(({ type }) => type === "ERROR") ?? false);
    const only = (side: "aws" | "rolecall") => listed.filter((row) => row.only === side).map(({ policy }) => policy);
    const aws = withErrors(recorded);
    const rolecall = withErrors(await ours());
    expect(rolecall.filter((name) => !aws.includes(name) && !only("rolecall").includes(name))).toEqual([]);
    expect(aws.filter((name) => !rolecall.includes(name) && !only("aws").includes(name))).toEqual([]);
    expect(aws.length).toBeGreaterThan(5);
  });
});
