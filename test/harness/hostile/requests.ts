/** Requests: what stands in head and body, who signs, and what is broken after the signing. */
import { createHash } from "node:crypto";
import { iam } from "../../../src/contracts/iam/contract.gen.ts";
import { rolecall } from "../../../src/contracts/rolecall/contract.ts";
import { sts } from "../../../src/contracts/sts/contract.gen.ts";
import type { OperationContract, ServiceContract } from "../../../src/contracts/model.ts";
import { sign } from "../../../src/sigv4/sign.ts";
import { presign } from "../presign.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import type { Random } from "../random.ts";
import type { Pools } from "./inputs.ts";
import { isMap, structureOf } from "./inputs.ts";
import { hostileText, dateLike, percent } from "./texts.ts";

export type Header = readonly [name: string, value: string];

/** One change to a request that was signed already. */
export interface Tampering {
  readonly kind: "header" | "drop-header" | "body" | "target" | "method";
  readonly name: string;
  readonly value: string;
}

/** A request as data, so that a failure can be printed, sent again and made smaller. */
export interface Plan {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: readonly Header[];
  /** One character a byte. */
  readonly body: string;
  readonly signing: {
    /** Index into the signers of the world. */
    readonly as: number;
    readonly service: string;
    readonly region: string;
    /** Milliseconds from now. */
    readonly offset: number;
    readonly form: "header" | "query";
  } | null;
  readonly tampering: readonly Tampering[];
}

export interface Sendable {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

export const host = "127.0.0.1:7653";
const formType = "application/x-www-form-urlencoded";
const services: readonly ServiceContract[] = [iam, iam, iam, sts, sts, rolecall];

/** The plan signed and then tampered with. @param now milliseconds since the epoch */
export function realize(plan: Plan, signers: readonly SigningCredentials[], now: number): Sendable {
  let { method, target } = plan;
  let headers: Header[] = [...plan.headers];
  let body = Buffer.from(plan.body, "latin1");
  if (plan.signing !== null) {
    const added = signatureFor(plan, plan.signing, signers, now);
    if (typeof added === "string") target = added;
    else headers = [...headers, ...added];
  }
  for (const { kind, name, value } of plan.tampering) {
    if (kind === "method") method = value;
    else if (kind === "target") target += value;
    else if (kind === "body") body = Buffer.concat([body, Buffer.from(value, "latin1")]);
    else {
      const kept = headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
      headers = kind === "header" ? [...kept, [name, value]] : kept;
    }
  }
  if (body.length > 0 && !headers.some(([name]) => name.toLowerCase() === "content-length")) {
    headers = [...headers, ["content-length", String(body.length)]];
  }
  return { method, target: urlSafe(target), headers: headers.map(([name, value]) => [name, headerSafe(value)]), body };
}

/** @returns the headers to add, or the whole presigned target; nothing for what has no canonical form */
function signatureFor(
  { method, target, headers, body }: Plan,
  { as, service, region, offset, form }: NonNullable<Plan["signing"]>,
  signers: readonly SigningCredentials[],
  now: number,
): readonly Header[] | string {
  const question = target.indexOf("?");
  const [path, query] = question < 0 ? [target, ""] : [target.slice(0, question), target.slice(question + 1)];
  const bodyHash = () => createHash("sha256").update(Buffer.from(body, "latin1")).digest("hex");
  const input = { method, path, query, headers: headers.flat(), bodyHash };
  const signer = signers[as % signers.length]!;
  try {
    return form === "query"
      ? `${path}?${presign(input, signer, { region, service }, now + offset, 60)}`
      : Object.entries(sign(input, signer, { region, service }, now + offset));
  } catch {
    return [];
  }
}

/** What a header's value can be when it comes out of an HTTP parser: bytes without controls. */
export function headerSafe(text: string): string {
  return text
    .replace(/[^\t\x20-\x7e\x80-\xff]/gu, "?")
    .slice(0, 30_000)
    .trim();
}

function urlSafe(text: string): string {
  return text.replace(/[^\x21-\x7e]/gu, "%FF").slice(0, 30_000);
}

/** Members of a value as the query protocol names them. */
export function flatten(name: string, value: unknown, into: [string, string][]): void {
  if (Array.isArray(value)) {
    if (value.length === 0) into.push([name, ""]);
    value.forEach((item, index) => flatten(`${name}.member.${index + 1}`, item, into));
  } else if (typeof value === "object" && value !== null && isMap(value)) {
    for (const [index, [key, item]] of Object.entries(value).entries()) {
      into.push([`${name}.entry.${index + 1}.key`, key]);
      flatten(`${name}.entry.${index + 1}.value`, item, into);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [member, item] of Object.entries(value)) flatten(name === "" ? member : `${name}.${member}`, item, into);
  } else into.push([name, String(value)]);
}

function mangledForm(pairs: readonly [string, string][], random: Random): string {
  const some = pairs.length === 0 ? (["a", "b"] as [string, string]) : random.pick(pairs);
  const written = pairs.map(([name, value]) => `${percent(name)}=${percent(value)}`);
  const extra = random.pick<() => string>([
    () => `${some[0]}=${percent(hostileText(random))}`,
    () => `${some[0]}.member.${random.pick(["0", "-1", "01", "99999999", "1e3", "", "x", "4294967296"])}=x`,
    () => `${some[0]}.${"member.1.".repeat(random.pick([3, 17, 3000]))}=x`,
    () => `${some[0]}.entry.1.value=x`,
    () => `${some[0]}.__proto__.polluted=1`,
    () => "%",
    () => "%C0%AF=%ED%A0%80",
    () => "=".repeat(50),
    () => "&".repeat(2000),
    () => `a=\xff\xfe`,
    () => Array.from({ length: 10_001 }, (_, index) => `p${index}=`).join("&"),
    () => `Action=${percent(hostileText(random))}`,
    () => `Version=${percent(hostileText(random))}`,
    () => `${percent(hostileText(random))}=${percent(hostileText(random))}`,
  ])();
  return random.shuffle([...written, extra]).join("&");
}

function mangledJson(text: string, random: Random): string {
  const utf8 = (made: string) => Buffer.from(made, "utf8").toString("latin1");
  return random.pick<() => string>([
    () => utf8(text.slice(0, random.below(text.length + 1))),
    () => `\xef\xbb\xbf${utf8(text)}`,
    () => `${utf8(text)}\xff`,
    () => `${"[".repeat(random.pick([65, 100_000]))}`,
    () => utf8(text.replace("{", `{"__proto__":{"Ring":"tokens"},`)),
    () => utf8(text.replace(/:("[^"]*")/, ":[$1]")),
    () => utf8(text.replace(/"([^"]*)"/g, '"\\u0000$1"')),
    () => utf8(text.replace(/:"/, ':"\\ud800')),
    () => utf8(text.replace(/:[^,}]+/, ":1e400")),
    () => utf8(JSON.stringify(hostileText(random))),
    () => utf8(random.pick(["null", "[]", "0", '""', "{", "}", "{}{}", "nul", "\0"])),
    () => utf8(text.replace("{", `{${'"a":1,'.repeat(5000)}`)),
  ])();
}

function queryPlan(contract: ServiceContract, operation: OperationContract, pools: Pools, random: Random): Plan {
  const sharp = random.pick([0, 0.1, 0.4]);
  const pairs: [string, string][] = [
    ["Action", operation.name],
    ["Version", contract.apiVersion],
  ];
  flatten("", structureOf(operation.input, random, pools, sharp), pairs);
  const text = random.chance(0.15)
    ? mangledForm(pairs, random)
    : pairs.map(([name, value]) => `${percent(name)}=${percent(value)}`).join("&");
  const form = random.chance(0.08) ? "query" : "header";
  const inUrl = form === "query" || random.chance(0.04);
  return {
    method: inUrl ? "GET" : "POST",
    target: inUrl ? `/?${text.slice(0, 20_000).replace(/%[^%]?$/, "")}` : "/",
    headers: [["host", host], ...(inUrl ? [] : [["content-type", formType] as const])],
    body: inUrl ? "" : text,
    signing: { as: random.below(16), service: contract.service, region: "us-east-1", offset: 0, form },
    tampering: [],
  };
}

function jsonPlan(contract: ServiceContract, operation: OperationContract, pools: Pools, random: Random): Plan {
  const input = structureOf(operation.input, random, pools, random.pick([0, 0.1, 0.4]));
  const text = JSON.stringify(input);
  const body = random.chance(0.2) ? mangledJson(text, random) : Buffer.from(text, "utf8").toString("latin1");
  const target = `Rolecall.${random.chance(0.03) ? headerSafe(hostileText(random)) : operation.name}`;
  return {
    method: "POST",
    target: "/",
    headers: [
      ["host", host],
      ["content-type", "application/x-amz-json-1.1"],
      ["x-amz-target", target],
    ],
    body,
    signing: { as: random.below(16), service: contract.service, region: "us-east-1", offset: 0, form: "header" },
    tampering: [],
  };
}

const credentialParts = [
  "AKIAIOSFODNN7EXAMPLE",
  "",
  "\xff",
  "20260101",
  "us-east-1",
  "iam",
  "aws4_request",
  "/",
  "a".repeat(9000),
  "*",
  "rolecall",
];

/** A header that claims to be a signature. */
function authorizationLike(random: Random): string {
  const credential = random.list(3, 7, () => random.pick(credentialParts)).join("/");
  const parts = [
    `Credential=${credential}`,
    `SignedHeaders=${random.pick(["host", "host;x-amz-date", "HOST", "", ";;;", "x", "host;host", "a;".repeat(3000)])}`,
    `Signature=${random.pick(["0".repeat(64), "g".repeat(64), "F".repeat(64), "", "0".repeat(63), "é"])}`,
    random.pick(["", "=", "x", "Credential=", "a=b=c"]),
  ];
  const scheme = random.pick([
    "AWS4-HMAC-SHA256",
    "AWS4-HMAC-SHA512",
    "AWS",
    "Basic",
    "Bearer",
    "",
    "aws4-hmac-sha256",
  ]);
  return `${scheme}${random.pick([" ", "", "\t", "  "])}${random.shuffle(parts).join(random.pick([", ", ",", " ", ";"]))}`;
}

/** @param tokens some that are good, for somebody */
function tamper(random: Random, tokens: readonly string[]): Tampering {
  const token = random.pick(tokens);
  const at = random.below(token.length);
  const header = (name: string, value: string): Tampering => ({ kind: "header", name, value });
  return random.pick<() => Tampering>([
    () => header("authorization", authorizationLike(random)),
    () => ({
      kind: "drop-header",
      name: random.pick(["authorization", "x-amz-date", "host", "content-type"]),
      value: "",
    }),
    () => header("x-amz-date", dateLike(random)),
    () => header("date", dateLike(random)),
    () => header("x-amz-security-token", token),
    () => header("x-amz-security-token", token.slice(0, at)),
    () =>
      header(
        "x-amz-security-token",
        `${token.slice(0, at)}${random.pick(["A", "=", "-", "%", " ", "\xe9"])}${token.slice(at + 1)}`,
      ),
    () =>
      header(
        "x-amz-security-token",
        random.pick([`${token}=`, `${token} `, token.toUpperCase(), "A".repeat(4097), "", hostileText(random)]),
      ),
    () =>
      header(
        "content-type",
        random.pick([
          "",
          "text/xml",
          "multipart/form-data; boundary=x",
          `${formType}; charset=utf-16`,
          hostileText(random),
        ]),
      ),
    () => header("x-amz-target", hostileText(random)),
    () =>
      header(
        "x-amz-content-sha256",
        random.pick(["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", hostileText(random)]),
      ),
    () => header("user-agent", hostileText(random)),
    () => header("referer", hostileText(random)),
    () =>
      header(
        random.pick(["x-amz-x", "x-forwarded-for", "transfer-encoding", "content-encoding", "cookie"]),
        hostileText(random),
      ),
    () => ({ kind: "body", name: "", value: headerSafe(hostileText(random)) }),
    () => ({
      kind: "target",
      name: "",
      value: random.pick([
        "&x=1",
        "?x",
        "#x",
        "/../",
        "%00",
        "&X-Amz-Signature=0",
        "&X-Amz-Algorithm=AWS4-HMAC-SHA256",
        "&X-Amz-Credential=%00/20260101/us-east-1/iam/aws4_request",
      ]),
    }),
    () => ({
      kind: "method",
      name: "",
      value: random.pick(["GET", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "POST", "TRACE"]),
    }),
  ])();
}

/** The presigned form with parameters of any kind: unsigned in truth, but read as a signature. */
function presignedLike(random: Random, tokens: readonly string[]): Plan {
  const pairs: [string, string][] = [
    ["X-Amz-Algorithm", random.pick(["AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256", "x", ""])],
    ["X-Amz-Credential", random.list(4, 6, () => random.pick([...credentialParts, "\0", "\ud800"])).join("/")],
    ["X-Amz-Date", dateLike(random)],
    ["X-Amz-SignedHeaders", random.pick(["host", "", "\0", "host;a"])],
    ["X-Amz-Signature", random.pick(["0".repeat(64), hostileText(random).slice(0, 100)])],
    ["X-Amz-Expires", random.pick(["60", "0", "-1", "604801", "1e3", "\0"])],
    ["X-Amz-Security-Token", random.pick([random.pick(tokens), hostileText(random).slice(0, 5000)])],
    ["Action", "GetCallerIdentity"],
  ];
  const chosen = pairs.filter(() => random.chance(0.9));
  const query = chosen.map(([name, value]) => `${name}=${percent(value)}`).join("&");
  return { method: "GET", target: `/?${query}`, headers: [["host", host]], body: "", signing: null, tampering: [] };
}

/** Mostly as it should be; else not at all, for another service, at another time or in another region. */
function otherwiseSigned(signing: NonNullable<Plan["signing"]>, random: Random): Plan["signing"] {
  const roll = random.next();
  if (roll < 0.03) return null;
  if (roll < 0.05) return { ...signing, service: random.pick(["iam", "sts", "s3", "rolecall", "__proto__", ""]) };
  if (roll < 0.07) return { ...signing, offset: random.pick([-901_000, 901_000, -1e11, 2e12]) };
  if (roll < 0.08) return { ...signing, region: random.pick(["", "*", "eu-west-1", "a".repeat(300)]) };
  return signing;
}

/**
 * The probability that an operation is passed over: a reset takes the world away, each rotation adds a key, and the
 * trail is read from end to end.
 */
const seldom: Readonly<Record<string, number>> = {
  Reset: 1,
  RotateKeys: 0.98,
  LookupEvents: 0.95,
  ExplainRequest: 0.95,
};

/** A plan of any kind. */
export function anyPlan(random: Random, pools: Pools, tokens: readonly string[]): Plan {
  if (random.chance(0.04)) return presignedLike(random, tokens);
  const contract = random.pick(services);
  const operation = random.pick(Object.values(contract.operations));
  if (random.chance(seldom[operation.name] ?? 0)) return anyPlan(random, pools, tokens);
  let plan =
    contract === rolecall
      ? jsonPlan(contract, operation, pools, random)
      : queryPlan(contract, operation, pools, random);
  plan = { ...plan, signing: otherwiseSigned(plan.signing!, random) };
  if (random.chance(0.14)) plan = { ...plan, tampering: random.list(1, 2, () => tamper(random, tokens)) };
  return plan;
}
