import { CommandError } from "../launch/terminal.ts";
import { post, ServerFault } from "./post.ts";
import type { Answer, Endpoint } from "./post.ts";

/** A service of AWS's query protocol. */
interface QueryApi {
  readonly service: string;
  readonly apiVersion: string;
}

export interface Queried {
  /** What the answer's result says; undefined for an operation that answers nothing. */
  readonly output: unknown;
  /** The second in which the server answered, by its own time, in milliseconds since the epoch. */
  readonly second: number;
}

/**
 * Calls an operation of the query protocol, and reads its answer as JSON.
 *
 * @param why what is told behind a fault of this code
 * @throws ServerFault; CommandError when nobody answers, or somebody else
 */
export async function query(
  endpoint: Endpoint,
  { service, apiVersion }: QueryApi,
  name: string,
  input: object,
  why: (code: string, requestId: string) => string = () => "",
): Promise<Queried> {
  const form = new URLSearchParams([["Action", name], ["Version", apiVersion], ...parameters("", input)]);
  const answer = await post(endpoint, {
    service,
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8", accept: "application/json" },
    body: form.toString(),
  });
  if (answer.status !== 200) throw faultOf(answer, endpoint, why);
  const said = JSON.parse(answer.body.toString("utf8")) as Record<string, Record<string, unknown>>;
  return { output: said[`${name}Response`]![`${name}Result`], second: Date.parse(answer.date) };
}

/** `Tags.member.1.Key`, and what stands there. */
function parameters(name: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => parameters(`${name}.member.${index + 1}`, item));
  if (typeof value !== "object") return [[name, String(value)]];
  const members = Object.entries(value as Readonly<Record<string, unknown>>);
  return members.flatMap(([key, member]) => parameters(name === "" ? key : `${name}.${key}`, member));
}

function faultOf(
  { status, body }: Answer,
  { url, source }: Endpoint,
  why: (code: string, requestId: string) => string,
): CommandError {
  try {
    const { Error: fault, RequestId: id } = JSON.parse(body.toString("utf8")) as {
      Error: { Code: string; Message: string | null };
      RequestId: string;
    };
    return new ServerFault(fault.Code, `${fault.Message ?? ""} (asked ${url} with ${source})`, why(fault.Code, id));
  } catch {
    return new CommandError(`${url} answered with status ${status} and is not rolecall, it seems`);
  }
}
