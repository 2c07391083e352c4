/** `npm start`: installs and builds what is missing or stale, then serves; options go on to the server. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, checkNode, install, root } from "./setup.mjs";

checkNode();
install();
build();
endWithNpm();
// In this very process, so that signals reach the server and nothing stands between it and its terminal.
await import(pathToFileURL(join(root, "dist", "main.js")).href);

/**
 * npm passes SIGTERM on to its shell, which dies of it and leaves us behind: losing our parent is then the signal.
 */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 100);
  watch.unref();
}
