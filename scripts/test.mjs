/** `npm test`: installs what is missing, then checks types, style and format, builds, and runs the tests. */
import { build, checkNode, install, tool } from "./setup.mjs";

checkNode();
install();
tool("tsc", ["-p", "tsconfig.json", "--noEmit"]);
tool("oxlint", ["--deny-warnings"]);
tool("oxfmt", ["--check", "."]);
build();
tool("vitest", ["run", ...process.argv.slice(2)]);
