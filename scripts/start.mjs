/** `npm start`: installs and builds what is missing or stale, then serves; options go on to the server. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, checkNode, install, root } from "./setup.mjs";

checkNode();
install();
build();
// In this very process, so that signals reach the server and nothing stands between it and its terminal.
await import(pathToFileURL(join(root, "dist", "main.js")).href);
