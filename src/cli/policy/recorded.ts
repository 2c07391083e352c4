import { requestIdOf } from "../../clock/authorization-id.ts";
import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { Explanation } from "../../policy/index.ts";
import { visible } from "../../text/visible.ts";
import { call } from "../client.ts";
import type { Option, OptionValues } from "../command.ts";
import { findEndpoint } from "../endpoint.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { exitCode, jsonLine, UsageError } from "../../launch/terminal.ts";
import { ServerFault } from "../post.ts";
import type { Endpoint } from "../post.ts";
import { checkLines } from "./check-lines.ts";
import { explanationLines } from "./explanation-text.ts";

export const recordedOptions: readonly Option[] = [
  {
    name: "request",
    placeholder: "ID",
    describe: "A request of a server's trail, by its request id, authorization id or event id.",
  },
  {
    name: "policies",
    placeholder: "MOMENT",
    describe: "With --request: `moment` or `now`. Default: those of the moment where they are kept (denials).",
  },
];

type Explained = RolecallOperations["ExplainRequest"]["output"];
type Question = RolecallOperations["ExplainRequest"]["input"];
type Moment = NonNullable<Question["Policies"]>;

/** Asks a server to explain a request of its trail. @throws UsageError, CommandError */
export async function explainRecorded(values: OptionValues, terminal: Terminal): Promise<number> {
  const id = values["request"] as string;
  if (!isUuid(id) && requestIdOf(id) === null) {
    throw new UsageError(
      `--request ${id}: give the id of a request (x-amzn-RequestId), the authorization id of its refusal, or the id of its event`,
    );
  }
  const explained = await ask(findEndpoint(values, terminal), id, readMoment(values["policies"]));
  if (values["json"] === true) terminal.print(jsonLine(withExplanations(explained)));
  else for (const line of linesOf(explained, terminal)) terminal.print(line);
  return exitCode.done;
}

function readMoment(value: string | boolean | undefined): Moment | undefined {
  if (value === undefined || value === "moment" || value === "now") return value;
  throw new UsageError(`--policies ${String(value)}: give moment or now`);
}

function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}

/** Ids of requests and of events look alike: what is no request's may be an event's. */
async function ask(endpoint: Endpoint, id: string, moment: Moment | undefined): Promise<Explained> {
  try {
    return await search(endpoint, { RequestId: id, Policies: moment });
  } catch (error) {
    const isMissing = error instanceof ServerFault && error.code === "ResourceNotFoundException";
    if (!isMissing || !isUuid(id)) throw error;
    return search(endpoint, { EventId: id, Policies: moment });
  }
}

/** One call looks through a part of a large trail, and explains a part of what was decided: on until all is there. */
async function search(endpoint: Endpoint, input: Question): Promise<Explained> {
  const explanations: Explained["Explanations"][number][] = [];
  let next: string | undefined;
  for (;;) {
    const { NextToken, ...answer } = await call(endpoint, "ExplainRequest", { ...input, NextToken: next });
    explanations.push(...answer.Explanations);
    if (NextToken === undefined) return { ...answer, Explanations: explanations };
    next = NextToken;
  }
}

/** The answer with its explanations as JSON, not as texts within. */
function withExplanations(explained: Explained): object {
  const explanations = explained.Explanations.map((one) => ({ ...one, Explanation: read(one.Explanation) }));
  return { ...explained, Explanations: explanations };
}

function read(text: string): Explanation {
  return JSON.parse(text) as Explanation;
}

function linesOf(explained: Explained, { color }: Terminal): string[] {
  const { EventTime, Action, EventId, ErrorCode, ErrorMessage, Checks, Policies, Explanations } = explained;
  const heading = `${color.dim(EventTime)}  ${color.bold(Action)}  ${color.dim(`event ${EventId}`)}`;
  const fault = visible(`${ErrorCode}: ${ErrorMessage ?? ""}`);
  const ending = ErrorCode === undefined ? color.green("ok") : color.red(fault);
  const looked = Checks === undefined ? [] : ["", color.bold("What it brought"), ...checkLines(Checks, color)];
  if (Explanations.length === 0 && Checks !== undefined) return [heading, ending, ...looked];
  if (Explanations.length === 0) {
    return [heading, ending, "Nothing was decided by policies: the request ended before, or needs no permission."];
  }
  const by = Policies === "moment" ? "Explained by the policies of that moment" : "Explained by the policies of now";
  return [heading, ending, ...looked, by, ...Explanations.flatMap((one) => ["", ...explanationOf(one, color)])];
}

function explanationOf(one: Explained["Explanations"][number], color: Terminal["color"]): string[] {
  const differs =
    one.Outcome === one.RecordedOutcome ? [] : [color.yellow(`It was ${one.RecordedOutcome} when it was made.`)];
  const withheld =
    one.Withheld.length === 0 ? [] : ["", color.dim(`Not shown, it is not yours to see: ${one.Withheld.join(", ")}`)];
  return [...differs, ...explanationLines(read(one.Explanation), color), ...withheld];
}
