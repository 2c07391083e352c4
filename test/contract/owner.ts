/** Owns a data directory until it is killed. Started by a test. */
import { lockDataDirectory } from "../../src/store/data-directory.ts";

lockDataDirectory(process.argv[2]!);
process.stdout.write("owned\n");
setInterval(() => undefined, 60_000);
