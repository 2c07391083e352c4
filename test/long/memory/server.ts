/** A whole server in a process of its own, as it runs in production, that tells once a second what memory it has. */
import { join } from "node:path";
import { masterKey } from "../../../src/seal/master-key.ts";
import { startTestServer } from "../../harness/server.ts";

const [directory, postgresql] = process.argv.slice(2) as [string, string | undefined];
const server = await startTestServer({
  database: postgresql === undefined ? { sqlite: join(directory, "rolecall.db") } : { postgresql },
  dataDirectory: directory,
  // The most that a session may hold.
  compatibility: "aws",
  masterKey: masterKey(new Uint8Array(32).fill(7), "the test"),
});
const { accountId, accessKeyId, secretAccessKey } = server.created[0]!;
console.log(JSON.stringify({ url: server.url, account: accountId, administrator: { accessKeyId, secretAccessKey } }));
setInterval(() => console.log(JSON.stringify(process.memoryUsage())), 1000);
