/** `npm test`: installs what is missing, then checks types, style and format, builds, and runs the tests. */
import { build, checkNode, install, tool } from "./setup.mjs";

/** Switches over closed unions name every member (wire/ reads any shape there is, and says what it leaves out). */
const switches = ["--type-aware", "-A", "all", "-D", "typescript/switch-exhaustiveness-check"];
switches.push("--ignore-pattern", "src/wire/**", "src");

checkNode();
install();
tool("tsc", ["-p", "tsconfig.json", "--noEmit"]);
tool("oxlint", ["--deny-warnings"]);
tool("oxlint", switches);
// Files and exports that nothing in src uses (knip.json).
tool("knip", ["--production", "--include", "files,exports,types,nsExports"]);
tool("oxfmt", ["--check", "."]);
build();
// What `npm run clients` runs takes minutes, and what is on the machine.
tool("vitest", ["run", "--project=!clients", ...process.argv.slice(2)]);
