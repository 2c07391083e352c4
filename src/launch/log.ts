import { pino } from "pino";
import { RequestLog } from "../observe/request-log.ts";
import { visibleJson } from "../text/visible.ts";
import type { Settings } from "../config/index.ts";

/** Lines that wait while nobody reads standard error, in bytes; beyond it they are dropped rather than waited for. */
const waitingLines = 16_000_000;

/**
 * The server's own log: JSON lines on standard error, written beside the requests, and to the end when the process
 * ends. What requests contain is not its business but the trail's.
 *
 * @param worker the number of the worker that writes it
 */
export function createLog({ logLevel: level, slowRequestMs }: Settings, worker: number | null = null): RequestLog {
  const destination = pino.destination({ fd: 2, sync: false, maxLength: waitingLines });
  // A terminal may show it: JSON escapes control characters, and leaves all else that steers one.
  const safe = { write: (line: string) => destination.write(`${visibleJson(line.trimEnd())}\n`) };
  return new RequestLog(
    pino({ level, base: worker === null ? null : { worker }, timestamp: pino.stdTimeFunctions.isoTime }, safe),
    slowRequestMs,
  );
}
