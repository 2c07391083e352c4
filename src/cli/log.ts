import { pino } from "pino";
import type { Logger } from "pino";
import type { Settings } from "../config/index.ts";

/**
 * The server's own log: JSON lines on standard error. It never sees a request's content; that is the trail's business.
 */
export function createLog(level: Settings["logLevel"]): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
}
