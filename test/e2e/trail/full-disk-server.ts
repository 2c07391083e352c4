/** A whole server on a data directory; started by a test that then takes its disk away. */
import { join } from "node:path";
import { startTestServer } from "../../harness/server.ts";

const directory = process.argv[2]!;
const server = await startTestServer({
  database: { sqlite: join(directory, "rolecall.db") },
  dataDirectory: directory,
  // Its failures are what the test is about.
  onError: () => {},
});
const { accessKeyId, secretAccessKey } = server.created[0]!;
console.log(JSON.stringify({ url: server.url, pid: process.pid, credentials: { accessKeyId, secretAccessKey } }));
