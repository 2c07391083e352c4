/**
 * Generates the API contracts of IAM and STS, and the lists of Regions and service principals (`npm run contracts`).
 *
 *   node scripts/contracts.mjs                   write src/contracts/{iam,sts}/contract.gen.ts and types.gen.ts,
 *                                                src/cli/regions.gen.ts and
 *                                                src/policy/grammar/service-principals.gen.ts, and name what is new
 *   node scripts/contracts.mjs --botocore [DIR]  take the models of an installed botocore into data/botocore first
 *                                                (DIR = its `data` folder; without it that of python3)
 *   node scripts/contracts.mjs --check           exit 1 when a committed file is not what the sources give
 *   node scripts/contracts.mjs --news [FILE]     name what data/handled.jsonl (or FILE) does not have yet; exit 1 then
 *   node scripts/contracts.mjs --handled         write data/handled.jsonl: what is new is handled
 *
 * Two sources, because neither is enough alone. The schemas inside @aws-sdk/client-iam and client-sts know the
 * operations, structures and errors of today, but no lengths, patterns, ranges or enum values, nor the errors of one
 * operation. botocore's models know those, and lag behind by some weeks. The order of members is AWS's own
 * (contracts/member-order.mjs). What only the SDK has stands here without constraints, unless SUPPLEMENT in contracts/describe.mjs states them.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "./contracts/describe.mjs";
import { extract } from "./contracts/extract.mjs";
import { news, writeHandled } from "./contracts/news.mjs";
import { writeRegions } from "./contracts/regions.mjs";
import { writeServicePrincipals } from "./contracts/service-principals.mjs";
import { ROOT, SERVICES } from "./contracts/services.mjs";
import { writeData, writeTypes } from "./contracts/write.mjs";

/** A description of each service, by its name. */
function describeAll() {
  return Object.fromEntries(SERVICES.map((entry) => [entry.service, describe(entry)]));
}

/** Path and text of each generated file. */
function generate(descriptions) {
  const contracts = SERVICES.flatMap((entry) => {
    const description = descriptions[entry.service];
    return [
      [`src/contracts/${entry.service}/contract.gen.ts`, writeData(entry, description)],
      [`src/contracts/${entry.service}/types.gen.ts`, writeTypes(entry, description)],
    ];
  });
  return [
    ...contracts,
    ["src/cli/regions.gen.ts", writeRegions()],
    ["src/policy/grammar/service-principals.gen.ts", writeServicePrincipals()],
  ];
}

function check(files) {
  const current = (path) => {
    try {
      return readFileSync(join(ROOT, path), "utf8");
    } catch {
      return undefined;
    }
  };
  const stale = files.filter(([path, text]) => current(path) !== text).map(([path]) => path);
  for (const path of stale) console.error(`${path} is stale: run npm run contracts`);
  return stale.length === 0;
}

/** @returns whether there are none */
function tellNews(descriptions, file) {
  const lines = news(descriptions, file);
  for (const line of lines) console.log(line);
  return lines.length === 0;
}

function write() {
  const descriptions = describeAll();
  for (const [path, text] of generate(descriptions)) writeFileSync(join(ROOT, path), text);
  tellNews(descriptions);
}

function botocoreOfPython() {
  const script = "import botocore, os; print(os.path.join(os.path.dirname(botocore.__file__), 'data'))";
  return execFileSync("python3", ["-c", script], { encoding: "utf8" }).trim();
}

const [mode, argument] = process.argv.slice(2);
if (mode === undefined) write();
else if (mode === "--botocore") {
  extract(argument ?? botocoreOfPython());
  write();
} else if (mode === "--check") process.exitCode = check(generate(describeAll())) ? 0 : 1;
else if (mode === "--news") process.exitCode = tellNews(describeAll(), argument) ? 0 : 1;
else if (mode === "--handled") writeHandled(describeAll());
else {
  console.error(
    "usage: node scripts/contracts.mjs [--botocore [DATA_DIRECTORY] | --check | --news [FILE] | --handled]",
  );
  process.exitCode = 2;
}
