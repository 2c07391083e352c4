/**
 * Generates the API contracts of IAM and STS, and the lists of Regions and service principals (`npm run contracts`).
 *
 *   node scripts/contracts.mjs                 write src/contracts/{iam,sts}/contract.gen.ts and types.gen.ts,
 *                                              src/cli/regions.gen.ts and
 *                                              src/policy/grammar/service-principals.gen.ts
 *   node scripts/contracts.mjs --check         exit 1 when a committed file is not what the sources give
 *   node scripts/contracts.mjs --extract DIR   write data/botocore/{iam,sts}.json from botocore's models
 *                                              (DIR = the `data` folder of an installed botocore)
 *
 * Two sources, because neither is enough alone. The schemas inside @aws-sdk/client-iam and client-sts know the
 * operations, structures and errors of today, but no lengths, patterns, ranges or enum values, nor the errors of one
 * operation. botocore's models know those, and lag behind by some weeks. The order of members is AWS's own
 * (contracts/member-order.mjs). What only the SDK has stands here without constraints, unless SUPPLEMENT in contracts/describe.mjs states them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "./contracts/describe.mjs";
import { extract } from "./contracts/extract.mjs";
import { writeRegions } from "./contracts/regions.mjs";
import { writeServicePrincipals } from "./contracts/service-principals.mjs";
import { ROOT, SERVICES } from "./contracts/services.mjs";
import { writeData, writeTypes } from "./contracts/write.mjs";

function generate() {
  const contracts = SERVICES.flatMap((entry) => {
    const description = describe(entry);
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

const [mode, argument] = process.argv.slice(2);
if (mode === "--extract" && argument) extract(argument);
else if (mode === "--check") process.exitCode = check(generate()) ? 0 : 1;
else if (mode === undefined) for (const [path, text] of generate()) writeFileSync(join(ROOT, path), text);
else {
  console.error("usage: node scripts/contracts.mjs [--check | --extract BOTOCORE_DATA_DIRECTORY]");
  process.exitCode = 2;
}
