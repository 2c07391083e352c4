/** Owns a data directory until it is killed, as a worker and as an owner may. Started by a test. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { joinDataDirectory, lockDataDirectory } from "../../src/store/sql/dialects/sqlite/data-directory.ts";

const directory = process.argv[2]!;
// Nobody keeps what they give back: the lock lasts as long as the process all the same.
lockDataDirectory(directory);
joinDataDirectory(directory);
try {
  lockDataDirectory(directory);
} catch {
  // Refused; and the lock that is there stays.
}
setFlagsFromString("--expose-gc");
(runInNewContext("gc") as () => void)();
setTimeout(() => process.stdout.write("owned\n"), 100);
setInterval(() => undefined, 60_000);
