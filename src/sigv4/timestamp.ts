import { LRUCache } from "lru-cache";
import { named } from "../text/shorten.ts";
import { incompleteSignature } from "./faults.ts";

/** Instants as SigV4 writes them: ISO 8601 basic, YYYYMMDDTHHMMSSZ, in UTC. */
export interface Timestamp {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** @param time milliseconds since the epoch; fractions of a second are cut */
export function formatTimestamp(time: number): string {
  const iso = new Date(time).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`;
}

const basicFormat = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** @throws Fault IncompleteSignature where the text is not a real instant in basic format */
export function parseTimestamp(text: string): Timestamp {
  const known = timestamps.get(text);
  if (known !== undefined) return known;
  const time = basicTime(text);
  if (time === null) throw notBasicFormat(text);
  // A text of its own: a part of a request's head would keep the whole of it.
  const timestamp = { text: formatTimestamp(time), time };
  timestamps.set(timestamp.text, timestamp);
  return timestamp;
}

/** Good timestamps: the requests of one second carry the same. */
const timestamps = new LRUCache<string, Timestamp>({ max: 1024 });

// IMF-fixdate of RFC 9110 §5.6.7, the form that HTTP clients generate.
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Reads a `Date` header: basic format, or the format of HTTP, which is signed in its basic form.
 * @throws Fault IncompleteSignature
 */
export function parseHttpDate(text: string): Timestamp {
  if (!httpDate.test(text)) return parseTimestamp(text);
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw notBasicFormat(text);
  return { text: formatTimestamp(time), time };
}

function basicTime(text: string): number | null {
  const match = basicFormat.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as Fields;
  if (year < 1970 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return null;
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC rolls 30 February over into March.
  return new Date(time).getUTCDate() === day ? time : null;
}

type Fields = [year: number, month: number, day: number, hour: number, minute: number, second: number];

function notBasicFormat(text: string) {
  return incompleteSignature(
    `Date must be in ISO-8601 'basic format'. Got '${named(text)}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  );
}
