/**
 * `npm run bench`: measures rolecall against its floors. Names as arguments run those alone; `--json` prints one object
 * a line; `--profile` shows where the server's time goes instead.
 */
import { availableParallelism, loadavg } from "node:os";
import { run as runPolicy } from "./policy.ts";
import type { Row } from "./row.ts";
import { runNeighbours } from "./neighbours/run.ts";
import { runConnections } from "./server/connections.ts";
import { runCreateRole } from "./server/create-role.ts";
import { runGrowth } from "./server/growth.ts";
import { runHot } from "./server/hot.ts";
import { runLists } from "./server/lists.ts";
import { hotOperations } from "./server/operations.ts";
import { profileHot } from "./server/profile.ts";
import { runSaml } from "./server/saml.ts";
import { runReaders } from "./server/readers.ts";
import { runStart } from "./server/start.ts";
import { runWorkers } from "./server/workers.ts";
import { table } from "./table.ts";

const hotNames = hotOperations.map(({ name }) => name);

const others: Readonly<Record<string, () => Promise<Row[]>>> = {
  CreateRole: runCreateRole,
  growth: runGrowth,
  lists: runLists,
  connections: runConnections,
  readers: runReaders,
  AssumeRoleWithSAML: runSaml,
  start: runStart,
  workers: runWorkers,
  policy: runPolicy,
};

/** What takes so long that it runs only where it is named. */
const long: Readonly<Record<string, () => Promise<Row[]>>> = { neighbours: runNeighbours };

const names = [...hotNames, ...Object.keys(others), ...Object.keys(long)];

async function main(given: readonly string[]): Promise<void> {
  const wanted = given.filter((argument) => !argument.startsWith("--"));
  const flags = given.filter((argument) => argument.startsWith("--"));
  const unknown = [
    ...wanted.filter((name) => !names.includes(name)),
    ...flags.filter((flag) => flag !== "--json" && flag !== "--profile"),
  ];
  if (unknown.length > 0) {
    console.error(
      `unknown: ${unknown.join(", ")}\nusage: npm run bench -- [--json | --profile] [${names.join(" | ")}]…`,
    );
    process.exitCode = 2;
    return;
  }
  const hot = wanted.length === 0 ? hotNames : hotNames.filter((name) => wanted.includes(name));
  if (flags.includes("--profile")) return profileHot(hot);
  const json = flags.includes("--json");
  const rows: Row[] = [];
  const keep = (more: readonly Row[]): void => {
    rows.push(...more);
    if (json) for (const row of more) console.log(JSON.stringify(row));
  };
  if (hot.length > 0) keep(await runHot(hot));
  for (const [name, run] of Object.entries(others)) {
    if (wanted.length === 0 || wanted.includes(name)) keep(await run());
  }
  for (const [name, run] of Object.entries(long)) if (wanted.includes(name)) keep(await run());
  if (json) return;
  console.log(table(rows));
  const load = loadavg()[0]!.toFixed(1);
  console.log(`\nNode ${process.version}, ${availableParallelism()} cores, load average ${load} at the end.`);
  const missed = rows.filter((row) => row.met === false);
  console.log(missed.length === 0 ? "Every goal is met." : `${missed.length} goals are missed.`);
}

await main(process.argv.slice(2));
