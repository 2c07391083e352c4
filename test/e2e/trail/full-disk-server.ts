/** A whole server on a data directory; started by a test that then takes its disk away. */
import { join } from "node:path";
import { startTestServer } from "../../harness/server.ts";

const directory = process.argv[2]!;
const server = await startTestServer({
  database: { sqlite: join(directory, "rolecall.db") },
  dataDirectory: directory,
  metrics: { host: "127.0.0.1", port: 0 },
  // Its failures are what the test is about.
  onError: () => {},
});
const { accessKeyId, secretAccessKey } = server.created[0]!;
const { url, metricsUrl } = server;
console.log(JSON.stringify({ url, metricsUrl, pid: process.pid, credentials: { accessKeyId, secretAccessKey } }));
