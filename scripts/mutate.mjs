/**
 * `npm run mutate`: changes the policy engine in thousands of small ways and looks whether the tests notice. At least
 * 90 % must be killed (docs/lab/mutation.md). Name files to try them alone: `npm run mutate src/policy/engine/decide.ts`.
 * What was found is kept in .cache/mutation, so that the next run tries only what changed (--force tries all).
 */
import { tool } from "./setup.mjs";

const given = process.argv.slice(2);
const files = given.filter((word) => !word.startsWith("-"));
const options = given.filter((word) => word.startsWith("-"));
tool("stryker", ["run", ...(files.length > 0 ? ["--mutate", files.join(",")] : []), ...options]);
