#!/usr/bin/env node
import { relative, sep } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import colors from "picocolors";
import { run } from "./cli/run.ts";
import { readHidden } from "./launch/hidden-input.ts";

/** How to call the program again from here, for what is printed to be pasted. */
function programName(): string {
  const called = process.argv[1] ?? "";
  if (/(^|[\\/])rolecall$/.test(called)) return "rolecall";
  const file = fileURLToPath(import.meta.url);
  const below = relative(process.cwd(), file);
  return `node ${below.startsWith(`..${sep}`) ? file : below}`;
}

const serves = process.argv[2] === undefined || process.argv[2] === "serve" || process.argv[2].startsWith("-");

// `rolecall trail tail | head`: a reader that has enough is no error; and no reason for a server to end.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  if (!serves) process.exit(0);
});

const code = await run(process.argv.slice(2), {
  environment: process.env,
  cwd: process.cwd(),
  program: programName(),
  print: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  readInput: () => text(process.stdin),
  readSecret: readHidden,
  color: colors.createColors(process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined),
});
process.exitCode = code;
// What a command left open (an idle connection, a timer) is no reason to stay.
process.stdout.write("", () => process.exit(code));
