/** A server in a process of its own, to be killed at any moment. Prints its URL as a line once it listens. */
import { masterKey } from "../../src/seal/master-key.ts";
import type { SigningCredentials } from "../../src/sigv4/sign.ts";
import type { DatabaseLocation } from "../../src/store/database.ts";
import { startTestServer } from "../e2e/server.ts";

export interface NodeOptions {
  readonly database: DatabaseLocation;
  readonly directory: string;
  /** The master key, hex. */
  readonly secret: string;
  /** The first account and its administrator's key: known before they are made, whoever makes them. */
  readonly first: { readonly id: string; readonly key: SigningCredentials };
}

const { database, directory, secret, first } = JSON.parse(process.argv[2]!) as NodeOptions;
const server = await startTestServer({
  database,
  dataDirectory: directory,
  masterKey: masterKey(Buffer.from(secret, "hex"), "the test"),
  first,
});
console.log(server.url);
