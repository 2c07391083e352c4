/** A server in a process of its own, to be killed. Prints one line of JSON once it listens. */
import { masterKey } from "../../../src/seal/master-key.ts";
import { startTestServer } from "../../harness/server.ts";

const [directory, secret, account] = process.argv.slice(2) as [string, string, string];
const server = await startTestServer({
  database: { sqlite: `${directory}/rolecall.db` },
  dataDirectory: directory,
  masterKey: masterKey(Buffer.from(secret, "hex"), "the test"),
  first: { id: account },
});
console.log(JSON.stringify({ url: server.url, administrator: server.created[0] }));
