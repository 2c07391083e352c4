/** The program of a worker process: it serves what it is assigned until its owner says so, or is gone. */
import type { Certificate } from "../../http/certificate.ts";
import { startServer } from "../../server/server.ts";
import type { RunningServer } from "../../server/server.ts";
import { joinDataDirectory } from "../../store/sql/dialects/sqlite/data-directory.ts";
import type { TrailCollector } from "../../trail/trail.ts";
import { createLog } from "../log.ts";
import { serverOptions } from "../runtime.ts";
import { masterKeyIn } from "./assignment.ts";
import type { Assignment } from "./assignment.ts";
import { Channel } from "./channel.ts";
import type { Peer } from "./channel.ts";

/** Milliseconds that the owner has to put a trail together. */
const collectPatience = 10_000;

if (process.send === undefined) throw new Error('this is a part of rolecall: call "rolecall serve --workers NUMBER"');

let serving: RunningServer | null = null;
let ending: Promise<void> | null = null;

const owner = new Channel(process as unknown as Peer, {
  serve: async (value) => {
    serving = await serve(value as Assignment);
    return serving.url;
  },
  certificate: (value) => serving?.renewCertificate(value as Certificate),
  writeTrail: () => serving?.environment().trail.writeOut(),
  metrics: () => serving?.metrics?.values() ?? [],
  close: () => end(),
});

const collector: TrailCollector = {
  drain: async () => void (await owner.ask("drain", null, collectPatience)),
  settle: async () => void (await owner.ask("settle", null, collectPatience)),
};

async function serve(assignment: Assignment): Promise<RunningServer> {
  const { settings, number } = assignment;
  // Given back by the end of the process, and not before.
  joinDataDirectory(settings.dataDir);
  const log = createLog(settings, number);
  const told = { onError: (error: unknown) => log.error(error), requests: log, onIssuerFailure: log.issuer };
  return startServer({
    ...serverOptions(settings, told, nothingToMake, {
      tls: assignment.tls,
      key: masterKeyIn(assignment),
      authorities: assignment.authorities,
    }),
    // The owner has made what there must be: an account that was deleted since is not made again.
    accounts: [],
    shared: true,
    worker: { number, collector },
  });
}

async function nothingToMake(): Promise<void> {
  throw new Error("the operator's account is gone: the database is not the one that this server was started with");
}

/** Finishes what is under way. */
function end(): Promise<void> {
  ending ??= Promise.resolve(serving?.close());
  return ending;
}

// The terminal's Ctrl-C goes to the owner as well, which tells its workers.
process.on("SIGINT", () => {});
// So does the hang-up of a terminal, which to the owner may mean a new certificate, and comes to us from there.
process.on("SIGHUP", () => {});
process.on("SIGTERM", () => void end().finally(() => process.exit(0)));

await owner.ask("ready", null, collectPatience);
