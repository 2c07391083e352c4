/**
 * Writes data/access-analyzer/{judged.tsv,findings.jsonl} from a checkout of zoph-io/MAMIP:
 *
 *   node scripts/access-analyzer.mjs DIRECTORY
 *
 * Facts alone are taken over: which version of which policy was judged, and the type, code and paths of each finding. Paths
 * are those of the documents in data/aws-managed-policies.json.gz, which has some lone values as lists of one.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";

const source = process.argv[2];
if (source === undefined) throw new Error("usage: node scripts/access-analyzer.mjs DIRECTORY");

const read = (path) => readFileSync(`${source}/${path}`, "utf8");
const local = (path) => new URL(`../data/${path}`, import.meta.url);

/** A value in which a lone one and a list of it, a boolean and its text are the same. */
function canonical(value) {
  if (Array.isArray(value)) return value.length === 1 ? canonical(value[0]) : value.map(canonical);
  if (value === null || typeof value !== "object") return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, canonical(member)]));
}

/** A path of Access Analyzer, written as rolecall does, in the document that rolecall has. */
function pathIn(ours, theirs, path) {
  let out = "";
  for (const step of path) {
    if (step.index !== undefined) {
      if (Array.isArray(ours)) [out, ours] = [`${out}[${step.index}]`, ours[step.index]];
      theirs = theirs[step.index];
      continue;
    }
    if (Array.isArray(ours)) [out, ours] = [`${out}[0]`, ours[0]];
    const name = (step.value ?? step.key).replaceAll('"', "");
    out += /^\w+$/.test(name) ? `${out === "" ? "" : "."}${name}` : `[${JSON.stringify(name)}]`;
    [ours, theirs] = [ours[name], theirs[name]];
    if (step.key !== undefined) return out;
  }
  return Array.isArray(ours) && !Array.isArray(theirs) ? `${out}[0]` : out;
}

const { policies } = JSON.parse(gunzipSync(readFileSync(local("aws-managed-policies.json.gz"))).toString());
const carried = new Map(policies.map((policy) => [policy.name, policy]));
const failed = new Set(
  /Failed validations:.*\n((?: {2}- .*\n)*)/.exec(read("findings/README.md"))[1].match(/[^`\s]+(?=`)/g),
);

const judged = [];
const findings = [];
const counts = { judged: 0, changed: 0, missing: 0 };
const names = JSON.parse(read("policies-list.json")).Policies.map((policy) => policy.PolicyName);
for (const name of names.filter((one) => !failed.has(one)).sort()) {
  counts.judged++;
  const { VersionId: version, Document: document } = JSON.parse(read(`policies/${name}`)).PolicyVersion;
  const ours = carried.get(name);
  if (ours === undefined) counts.missing++;
  else if (ours.version !== version) counts.changed++;
  if (ours?.version !== version) continue;
  if (!isDeepStrictEqual(canonical(ours.document), canonical(document))) throw new Error(`${name} ${version} differs`);
  judged.push(`${name}\t${version}\n`);
  const file = `findings/${name}.json`;
  for (const { findingType: type, issueCode: code, locations } of existsSync(`${source}/${file}`)
    ? JSON.parse(read(file))
    : []) {
    const paths = locations.map(({ path }) => pathIn(ours.document, document, path));
    findings.push(`${JSON.stringify({ policy: name, type, code, paths })}\n`);
  }
}
writeFileSync(local("access-analyzer/judged.tsv"), judged.join(""));
writeFileSync(local("access-analyzer/findings.jsonl"), findings.join(""));
console.log({ ...counts, kept: judged.length, findings: findings.length });
