/**
 * `npm run clients`: the clients that people have, as far as they are on this machine, against a server of this tree: the
 * aws CLI, boto3, terraform with its AWS provider (ROLECALL_TERRAFORM_PLUGINS names a mirror that is not in a usual
 * place). What was not there is said by its name. What follows `--` goes to vitest.
 */
import { build, checkNode, install, tool } from "./setup.mjs";

checkNode();
install();
build();
tool("vitest", ["run", "--reporter=verbose", "test/clients", "test/e2e/clients", ...process.argv.slice(2)]);
