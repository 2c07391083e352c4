/** What was recorded of AWS, as data (test/cases/recorded/README.md), and how it is played to a server. */
import { services } from "../../../src/services/services.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { caseCertificates } from "../../harness/case-certificates.ts";
import { flatten } from "../../harness/hostile/requests.ts";
import { form, send } from "../../harness/http.ts";
import { until } from "../../harness/until.ts";
import { differences, differencesAmong } from "./compare.ts";
import { Bindings } from "./template.ts";
import { outputOf, parseXml } from "./xml.ts";
import type { Element } from "./xml.ts";

export interface Scenario {
  readonly name: string;
  readonly source: string;
  readonly recorded: string;
  /** Names that are no one's choice: those of AWS's own policies. */
  readonly given?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface Step {
  /** As the recording calls it; a call that was not recorded has none, and must succeed. */
  readonly step?: string;
  /** `iam:CreateUser` */
  readonly call: string;
  /** Who calls, as a step before `gives` it; else the account's administrator. */
  readonly by?: string;
  /** A member that holds an object where the API takes a text is sent as its JSON. */
  readonly input?: object;
  /** Placeholders, and where in an answer that was not recorded their values stand: `AccessKey.AccessKeyId`. */
  readonly keep?: Readonly<Record<string, string>>;
  /** The credentials in the answer are those of this caller. */
  readonly gives?: string;
  readonly answer?: object;
  /** The recording has a part of the answer, or lists whose order says nothing. */
  readonly among?: true;
  /** What was recorded is there after a while. */
  readonly eventually?: true;
  /** `CODE STATUS: MESSAGE` */
  readonly fault?: string;
}

/** How one step differs from what was recorded; nothing where it does not. */
export interface Played {
  readonly step: Step;
  readonly differences: readonly string[];
}

/** @param keys of the administrator of an account of its own */
export async function* play(
  { steps, given }: Scenario,
  url: string,
  account: string,
  keys: SigningCredentials,
): AsyncGenerator<Played> {
  const bindings = new Bindings(account, { ...certificates(), ...given });
  const callers = new Map<string | undefined, SigningCredentials>([[undefined, keys]]);
  for (const step of steps) {
    const [service, operation] = step.call.split(":") as ["iam" | "sts", string];
    const pairs: [string, string][] = [["Action", operation]];
    const contract = services[service].codec.contract.operations[operation]!;
    flatten("", withTexts(bindings.fill(step.input ?? {}) as object), pairs);
    const ask = async () => {
      const sent = form(url, Object.fromEntries(pairs), callers.get(step.by)!, { service });
      const { status, body } = await send(url, sent);
      const answer = parseXml(body);
      const output = status === 200 ? outputOf(answer, contract) : null;
      const found = bindings.attempt(() => stepDifferences(step, output, answer, status, bindings));
      return { output, found };
    };
    const { output, found } = step.eventually === true ? await eventually(ask) : await ask();
    yield { step, differences: found };
    for (const [name, path] of Object.entries(step.keep ?? {})) bindings.set(name, textAt(output, path));
    if (step.gives !== undefined) callers.set(step.gives, credentialsIn(output));
  }
}

/** Certificates end, so scenarios name those that are made on the spot: `<leaf>`. */
function certificates(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(caseCertificates()).map(([name, text]) => [`<${name}>`, text]));
}

async function eventually<T extends { readonly found: readonly string[] }>(ask: () => Promise<T>): Promise<T> {
  let asked: T;
  await until(async () => {
    asked = await ask();
    return asked.found.length === 0;
  });
  return asked!;
}

function stepDifferences(step: Step, output: unknown, answer: Element, status: number, bindings: Bindings): string[] {
  if (step.fault !== undefined || output === null) {
    const fault = output === null ? faultOf(answer, status) : "success";
    return differences(step.fault ?? "success", fault, bindings);
  }
  if (step.answer === undefined) return [];
  return step.among === true
    ? differencesAmong(step.answer, output as object, bindings)
    : differences(step.answer, output, bindings);
}

function faultOf(answer: Element, status: number): string {
  const members = answer.children.find(({ name }) => name === "Error")?.children ?? [];
  const text = (member: string) => members.find(({ name }) => name === member)?.text;
  return `${text("Code")} ${status}: ${text("Message")}`;
}

const textMembers = /Document$|^Policy$/;

function withTexts(input: object): object {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) =>
      textMembers.test(name) && typeof value === "object" ? [name, JSON.stringify(value)] : [name, value as unknown],
    ),
  );
}

function credentialsIn(output: unknown): SigningCredentials {
  const { AccessKey, Credentials } = output as Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;
  const { AccessKeyId, SecretAccessKey, SessionToken } = (AccessKey ?? Credentials)!;
  const keys = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey! };
  return SessionToken === undefined ? keys : { ...keys, sessionToken: SessionToken };
}

function textAt(output: unknown, path: string): string {
  let value = output;
  for (const name of path.split(".")) value = (value as Readonly<Record<string, unknown>> | null)?.[name];
  return String(value);
}
