/** Calls as data, for every client: what is asked, and what must come back. */
import { expect } from "vitest";
import type { RunningServer } from "../../src/server/server.ts";
import { notBuilt } from "../../src/operation/operation.ts";
import { services } from "../../src/services/services.ts";
import { caseCertificates } from "./case-certificates.ts";
import { casesBelow } from "./cases.ts";
import { caseAssertion } from "./saml/case-assertion.ts";
import { shownCode } from "./shown-code.ts";
import { trailEvents } from "./trail-events.ts";

export interface OperationCase {
  readonly name: string;
  readonly service: "iam" | "sts";
  readonly operation: string;
  readonly input: object;
  /** Members that the answer has at least; `re:…` is a pattern. Lists have exactly these members. */
  readonly expect?: object;
  /** `CODE: MESSAGE`. Without it the call must succeed. */
  readonly fault?: string;
  /** Values of the answer, by path, that later cases name as `${…}`. */
  readonly keep?: Readonly<Record<string, string>>;
}

/** One file a subject; each leaves nothing behind that another would meet. */
export const operationCases = casesBelow<OperationCase>("e2e/operations");

/**
 * GetMFADevice tells of security keys, which no call can register, and there are no role templates. The token of
 * GetDelegatedAccessToken comes from rolecall's own API (test/e2e/sts/delegation.test.ts), as do organizations
 * (test/e2e/sts/assume-root.test.ts) and encoded messages (test/e2e/sts/authorization-message.test.ts); that of
 * AssumeRoleWithWebIdentity from an issuer (test/e2e/sts/web-identity*.test.ts).
 */
const alwaysRefused: ReadonlySet<string> = new Set([
  "AcquireRole",
  "AssumeRoleWithWebIdentity",
  "AssumeRoot",
  "DecodeAuthorizationMessage",
  "DisableOrganizationsRootCredentialsManagement",
  "DisableOrganizationsRootSessions",
  "EnableOrganizationsRootCredentialsManagement",
  "EnableOrganizationsRootSessions",
  "GetDelegatedAccessToken",
  "GetMFADevice",
  "GetRoleTemplateVersion",
  "ListOrganizationsFeatures",
]);

/** Operations that are built and can succeed, of all services that the clients know which run the cases. */
export const built: readonly string[] = Object.values(services)
  .filter(({ codec }) => codec.contract.protocol === "query")
  .flatMap(({ registry }) => Object.keys(registry).filter((name) => registry[name] !== notBuilt))
  .filter((name) => !alwaysRefused.has(name));

/** Names of the operations that succeeded at a server. */
export async function succeeded(server: RunningServer): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const event of await trailEvents(server)) if (event.errorCode === undefined) names.add(event.eventName);
  return names;
}

/** What a client made of an answer, or of a fault. */
export interface Answered {
  readonly output?: unknown;
  readonly fault?: string;
  /** The client does not know the operation, or what is wrong with the input it says itself. */
  readonly unsent?: true;
}

/** Runs all cases in order through one client. */
export async function runCases(
  cases: readonly OperationCase[],
  call: (service: "iam" | "sts", operation: string, input: object) => Promise<Answered>,
): Promise<void> {
  const kept = new Map(Object.entries({ ...caseCertificates(), ...caseAssertion() }));
  for (const raw of cases) {
    const wanted = fill(raw, kept);
    const answered = await call(wanted.service, wanted.operation, wanted.input);
    if (answered.unsent === true) continue;
    if (wanted.fault !== undefined) {
      expect(answered.fault, wanted.name).toBe(wanted.fault);
      continue;
    }
    expect(answered.fault, wanted.name).toBeUndefined();
    const output = withDocuments(answered.output ?? {});
    expect(output, wanted.name).toMatchObject(patterns(wanted.expect ?? {}) as object);
    for (const [name, path] of Object.entries(wanted.keep ?? {})) kept.set(name, valueAt(output, path));
  }
}

/** Puts what was kept in place of `${name}`, and what a device with a seed that was kept shows in place of `${name, code 0}`. */
export function fill<T extends object>(given: T, kept: ReadonlyMap<string, string>): T {
  const text = JSON.stringify(given).replace(
    /\$\{([\w-]+)(?:, code (-?\d+))?\}/g,
    (whole, name: string, steps?: string) => {
      const known = kept.get(name);
      const value = steps === undefined || known === undefined ? known : shownCode(known, Number(steps));
      return value === undefined ? whole : JSON.stringify(value).slice(1, -1);
    },
  );
  return JSON.parse(text) as T;
}

/** `re:…` becomes a matcher of texts. */
function patterns(value: unknown): unknown {
  if (typeof value === "string" && value.startsWith("re:")) return expect.stringMatching(new RegExp(value.slice(3)));
  if (Array.isArray(value)) return value.map(patterns);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, patterns(member)]));
}

const documents = new Set(["PolicyDocument", "AssumeRolePolicyDocument", "Document"]);

/** Policies as JSON: IAM sends them percent-encoded; some clients decode them, some do not. */
function withDocuments(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  if (Array.isArray(value)) return value.map(withDocuments);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const encoded = documents.has(name) && typeof member === "string";
      return [name, encoded ? JSON.parse(decodeURIComponent(member)) : withDocuments(member)];
    }),
  );
}

/** @param path of a member, its names joined by dots */
export function valueAt(output: unknown, path: string): string {
  let value = output;
  for (const name of path.split(".")) value = (value as Record<string, unknown>)[name];
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : (value as string);
}
