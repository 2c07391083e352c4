/** A server in a process of its own, to be killed at any moment. Prints its URL as a line once it listens. */
import { masterKey } from "../../../src/seal/master-key.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import type { DatabaseLocation } from "../../../src/store/sql/database.ts";
import { startTestServer } from "../../harness/server.ts";

export interface NodeOptions {
  readonly database: DatabaseLocation;
  readonly directory: string;
  /** The master key, hex. */
  readonly secret: string;
  /** The first account and its administrator's key: known before they are made, whoever makes them. */
  readonly first: { readonly id: string; readonly key: SigningCredentials };
  /** How far its clock is ahead, in milliseconds. */
  readonly ahead?: number;
}

const { database, directory, secret, first, ahead = 0 } = JSON.parse(process.argv[2]!) as NodeOptions;
const server = await startTestServer({
  database,
  dataDirectory: directory,
  masterKey: masterKey(Buffer.from(secret, "hex"), "the test"),
  first,
  clock: { now: () => Date.now() + ahead },
  onError: (error) => console.error(String(error)),
});
console.log(server.url);
