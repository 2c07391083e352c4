/**
 * The oracle: a second opinion on every decision, naive on purpose and short enough to check by eye. It was written
 * from AWS's documentation (IAM User Guide; the page is named where its rule stands) and shares no code with src/policy.
 */
import { BlockList, isIP } from "node:net";
import type { Outcome, Principal } from "../../src/policy/types.ts";
import type { Case, Element, Json } from "./case.ts";
import { callerOf, contextOf, documentOf, documentsOf, isTrust, levelsOf, listOf, textsOf } from "./case.ts";

type Context = ReadonlyMap<string, string | readonly string[]>;
type Caller = { who: Principal; request: Case["request"]; context: Context; bounded: boolean };
/** How a resource policy names a caller: itself, the role (or user) behind its session, or its account. */
type Naming = "direct" | "entity" | "account";

export function decide(c: Case): Outcome {
  const { request, policies } = c;
  // No permission is needed, and none can be taken (API_GetCallerIdentity).
  if (request.action.toLowerCase() === "sts:getcalleridentity") return "Allowed";

  const who = callerOf(c);
  const boundaries = policies.boundaries ? documentsOf(policies.boundaries) : null;
  const caller: Caller = { who, request, context: contextOf(c), bounded: boundaries !== null };
  const says = (effect: string, d: Element) => namings(effect, d, caller).size > 0;

  const identity = documentsOf(policies.identity ?? []);
  const session = policies.session ? documentsOf(policies.session) : null;
  const resource = policies.resource ? documentOf(policies.resource) : null;
  const endpoint = policies.endpoint ? [documentOf(policies.endpoint)] : [];
  const inAccount = "account" in who && "arn" in who; // a root user, user, role session or federated user
  // Service-linked roles are outside SCPs and RCPs; SCPs bind only an account's own principals (orgs_manage_policies_scps).
  const serviceLinked = "roleArn" in who && who.roleArn.includes(":role/aws-service-role/");
  const scps = inAccount && !serviceLinked ? levelsOf(policies.scps) : [];
  const rcps = serviceLinked ? [] : levelsOf(policies.rcps);

  // 1. A deny anywhere decides.
  const limits = [...(boundaries ?? []), ...scps.flat(), ...rcps.flat(), ...endpoint];
  const all = [...identity, ...(session ?? []), ...limits];
  if (all.some((d) => says("Deny", d))) return "ExplicitlyDenied";
  if (resource && namings("Deny", resource, caller, c.bindings).size > 0) return "ExplicitlyDenied";

  // 2. What only limits: an Allow at every SCP level, and the endpoint. RCPFullAWSAccess makes RCPs allow always.
  if (!scps.every((level) => level.some((d) => says("Allow", d)))) return "ImplicitlyDenied";
  if (!endpoint.every((d) => says("Allow", d))) return "ImplicitlyDenied";

  // 3. What grants. Root needs no policy of its own; a federated user has no more than its session policies.
  const named = resource ? namings("Allow", resource, caller, c.bindings) : new Set<Naming>();
  const issuedByRoot = (who.type === "FederatedUser" ? who.issuer : who).type === "Root";
  const own = inAccount && (issuedByRoot || identity.some((d) => says("Allow", d)));
  const withinSession = session?.some((d) => says("Allow", d)) ?? who.type !== "FederatedUser";
  const withinBoundaries = boundaries === null || (boundaries.length > 0 && boundaries.every((d) => says("Allow", d)));
  const within = withinSession && withinBoundaries;
  return granted() ? "Allowed" : "ImplicitlyDenied";

  function granted(): boolean {
    if (!inAccount) return named.has("direct");
    if (who.account !== request.resourceAccount) return own && within && named.size > 0; // both sides
    if (named.has("direct")) return true; // no implicit deny limits this
    // Trust and key policies must allow by themselves (reference_policies_evaluation-logic_policy-eval-denyallow).
    const alone = isTrust(c) || /^arn:[^:]*:kms:[^:]*:\d{12}:key\//.test(request.resource);
    if (resource && alone) return within && (named.has("entity") || (named.has("account") && own));
    return within && (named.has("entity") || own);
  }
}

/** How the statements of `effect` that match the request name the caller; empty: none matches. */
function namings(effect: string, doc: Element, caller: Caller, bindings: Case["bindings"] = {}): Set<Naming> {
  const found = new Set<Naming>();
  const variables = doc["Version"] === "2012-10-17";
  for (const [index, statement] of (listOf(doc["Statement"]) as Element[]).entries()) {
    if (statement["Effect"] !== effect || !concerns(statement, caller, variables)) continue;
    const bound = (path: string) => bindings[`${index}/${path}`];
    if (statement["Principal"] !== undefined) {
      for (const naming of named("Principal", statement["Principal"], caller.who, bound)) found.add(naming);
    } else if (statement["NotPrincipal"] === undefined) {
      found.add("direct");
    } else if (effect === "Deny") {
      // Deny spares only a caller listed with all it hangs on; with a boundary, nobody (access_policies_boundaries).
      const listed = named("NotPrincipal", statement["NotPrincipal"], caller.who, bound);
      const needed = (Object.keys(namesOf(caller.who)) as Naming[]).filter(
        (n) => !(n === "entity" && caller.who.type === "FederatedUser"),
      );
      if (caller.bounded || !needed.every((naming) => listed.has(naming))) found.add("direct");
    }
  }
  return found;
}

/** How a Principal or NotPrincipal element names a caller. */
function named(element: string, value: Json, who: Principal, bound: (path: string) => string | undefined): Set<Naming> {
  const names = Object.entries(namesOf(who)) as [Naming, string[]][];
  const listed = new Set<string>();
  for (const [type, values] of Object.entries(value === "*" ? { AWS: "*" } : (value as Element))) {
    for (const [index, text] of textsOf(values).entries()) {
      const id = bound(`${element}/${type}/${index}`) ?? text; // a bound principal is its id, whatever the text says
      listed.add(`${type} ${id}`);
    }
  }
  if (listed.has("AWS *")) return new Set(["direct", ...names.map(([naming]) => naming)]);
  return new Set(names.filter(([, own]) => own.some((name) => listed.has(name))).map(([naming]) => naming));
}

/** What policies may call a caller (reference_policies_elements_principal). */
function namesOf(who: Principal): Partial<Record<Naming, string[]>> {
  const partition = "roleArn" in who ? who.roleArn.split(":")[1] : "arn" in who ? who.arn.split(":")[1] : "";
  const account = "arn" in who ? [`AWS ${who.account}`, `AWS arn:${partition}:iam::${who.account}:root`] : [];
  switch (who.type) {
    case "Root":
      return { account };
    case "User":
      return { account, direct: [`AWS ${who.arn}`, `AWS ${who.id}`] };
    case "RoleSession":
      return {
        account,
        entity: [`AWS ${who.roleArn}`, `AWS ${who.roleId}`],
        direct: [`AWS ${who.arn}`, `AWS ${who.roleId}:${who.sessionName}`],
      };
    case "FederatedUser":
      return {
        account,
        entity: [`AWS ${who.issuer.arn}`, `AWS ${who.issuer.id}`],
        direct: [`AWS ${who.arn}`],
      };
    case "Service":
      return { direct: [`Service ${who.service}`] };
    case "Anonymous":
      return { direct: [] };
    default:
      return { direct: [`Federated ${who.provider}`] };
  }
}

/** Action, resource and conditions of a statement against the request. */
function concerns(s: Element, { request, context }: Caller, variables: boolean): boolean {
  const action = request.action.toLowerCase();
  const hasAction = (list: Json) => textsOf(list).some((p) => glob(plain(p.toLowerCase()), action));
  const hasResource = (list: Json) => textsOf(list).some((p) => glob(resolve(p, context, variables), request.resource));
  if (s["Action"] !== undefined ? !hasAction(s["Action"]) : hasAction(s["NotAction"] ?? [])) return false;
  if (s["Resource"] !== undefined && !hasResource(s["Resource"])) return false;
  if (s["NotResource"] !== undefined && hasResource(s["NotResource"])) return false;
  return Object.entries((s["Condition"] ?? {}) as Element).every(([operator, keys]) =>
    Object.entries(keys as Element).every(([key, values]) => {
      const seen = context.get(key.toLowerCase());
      const empty = Array.isArray(seen) && seen.length === 0; // an empty set is no value
      return holds(operator, empty ? undefined : seen, textsOf(values), context, variables);
    }),
  );
}

/** reference_policies_elements_condition_operators; set operators: reference_policies_condition-single-vs-multi-valued-context-keys */
function holds(
  operator: string,
  seen: string | readonly string[] | undefined,
  wanted: string[],
  context: Context,
  variables: boolean,
): boolean {
  if (operator === "Null") return wanted.some((w) => w.toLowerCase() === String(seen === undefined));
  const [, set, positive, ifExists] = /^(ForAllValues:|ForAnyValue:)?(.+?)(IfExists)?$/.exec(operator) ?? [];
  const negated = /Not/.test(positive ?? "");
  const compare = comparisons[(positive ?? "").replace("Not", "")];
  if (compare === undefined) throw new Error(`no such operator: ${operator}`);
  const substituted = wanted.map((w) => resolve(w, context, variables && /^(String|Arn|Bool)/.test(positive ?? "")));
  const one = (value: string) => substituted.some((w) => w !== undefined && compare(value, w)) !== negated;
  const nothing = seen === undefined || seen === ""; // a null data set, such as an empty string
  if (set === "ForAllValues:") return nothing || [seen].flat().every(one);
  if (set === "ForAnyValue:") return !nothing && [seen].flat().some(one); // IfExists changes nothing here
  if (seen === undefined) return ifExists !== undefined || negated;
  return typeof seen === "string" && one(seen); // several values need a set operator
}

/** Value of the request, value of the policy; what cannot be read as the operator's type equals nothing. */
const comparisons: Record<string, (seen: string, wanted: Cell[]) => boolean> = {
  StringEquals: (seen, wanted) => seen === text(wanted),
  StringEqualsIgnoreCase: (seen, wanted) => seen.toLowerCase() === text(wanted).toLowerCase(),
  StringLike: (seen, wanted) => glob(wanted, seen),
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (seen, wanted) => /^(true|false)$/i.test(seen) && seen.toLowerCase() === text(wanted).toLowerCase(),
  BinaryEquals: (seen, wanted) => bytes(seen) !== undefined && bytes(seen) === bytes(text(wanted)),
  IpAddress: (seen, wanted) => inRange(seen, text(wanted)),
  ...ordered("Numeric", decimal),
  ...ordered("Date", instant),
};

function ordered(type: string, read: (text: string) => bigint | undefined): typeof comparisons {
  const by = (holds: (a: bigint, b: bigint) => boolean) => (seen: string, wanted: Cell[]) => {
    const [a, b] = [read(seen), read(text(wanted))];
    return a !== undefined && b !== undefined && holds(a, b);
  };
  return {
    [`${type}Equals`]: by((a, b) => a === b),
    [`${type}LessThan`]: by((a, b) => a < b),
    [`${type}LessThanEquals`]: by((a, b) => a <= b),
    [`${type}GreaterThan`]: by((a, b) => a > b),
    [`${type}GreaterThanEquals`]: by((a, b) => a >= b),
  };
}

/** A decimal number, exactly: as many 10⁻⁴⁰. */
function decimal(source: string): bigint | undefined {
  const [, sign, whole = "", fraction = ""] = /^([+-]?)(\d*)\.?(\d*)$/.exec(source) ?? [];
  return whole + fraction === "" ? undefined : BigInt(`${sign}${whole}${fraction.padEnd(40, "0")}`);
}

/** Seconds (as `decimal`) of an ISO 8601 date (four digits are a year; no zone is UTC) or of epoch seconds. */
function instant(source: string): bigint | undefined {
  if (/^-?\d+(\.\d+)?$/.test(source) && !/^\d{4}$/.test(source)) return decimal(source);
  const form =
    /^(\d{4}(?:-\d\d(?:-(\d\d))?)?)(?:T((?:[01]\d|2[0-3]):\d\d(?::\d\d(\.\d+)?)?)(?:Z|([+-]\d\d):?(\d\d))?)?$/i;
  const [, date, day, time, fraction = "", hours, minutes] = form.exec(source) ?? [];
  if (date === undefined || (time !== undefined && day === undefined)) return undefined;
  if (new Date(date).getUTCDate() !== Number(day ?? 1)) return undefined; // February 30th is not March 1st
  const whole = Date.parse(time ? `${date}T${time.replace(fraction, "")}${hours ? `${hours}:${minutes}` : "Z"}` : date);
  return Number.isNaN(whole) ? undefined : decimal(String(whole / 1000))! + (decimal(fraction) ?? 0n);
}

function bytes(base64: string): string | undefined {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64) ? atob(base64) : undefined;
}

/** A bare address is a host; addresses of one family compare by value. */
function inRange(seen: string, range: string): boolean {
  const [network = "", length, ...more] = range.split("/");
  const family = isIP(network);
  const bits = family === 4 ? 32 : 128;
  if (family === 0 || isIP(seen) !== family || /%/.test(seen + range) || more.length > 0) return false;
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > bits)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(length ?? bits), `ipv${family}` as "ipv4");
  return list.check(seen, `ipv${family}` as "ipv4");
}

/** A character of a pattern; literal: neither a wildcard nor a separator, because a variable put it there. */
type Cell = { readonly char: string; readonly literal: boolean };

function plain(source: string, literal = false): Cell[] {
  return source.split("").map((char) => ({ char, literal }));
}
function text(pattern: Cell[]): string {
  return pattern.map((cell) => cell.char).join("");
}

/** Puts in policy variables (reference_policies_variables); undefined when one has no value. Multivalued keys have none. */
function resolve(source: string, context: Context, variables: boolean): Cell[] | undefined {
  if (!variables) return plain(source);
  const cells: Cell[] = [];
  for (const part of source.split(/(\$\{[^}]*\})/)) {
    const name = /^\$\{([^}]*)\}$/.exec(part)?.[1];
    const [, key, fallback] = /^(.*), '(.*)'$/.exec(name ?? "") ?? [undefined, name, undefined];
    const fixed = name === undefined ? part : /^[*?$]$/.test(name) ? name : undefined;
    const value = fixed ?? context.get(key!.toLowerCase()) ?? fallback;
    if (typeof value !== "string") return undefined;
    cells.push(...plain(value, name !== undefined));
  }
  return cells;
}

function glob(pattern: Cell[] | undefined, value: string): boolean {
  if (pattern === undefined) return false;
  const one = ({ char, literal }: Cell) =>
    !literal && char === "*" ? "[^]*" : !literal && char === "?" ? "[^]" : char.replace(/[^A-Za-z0-9]/, "\\$&");
  return new RegExp(`^${pattern.map(one).join("")}$`).test(value);
}

/** Six segments, each matched by itself; the last may hold colons. */
function arnLike(seen: string, wanted: Cell[]): boolean {
  const segments: Cell[][] = [[]];
  for (const cell of wanted) {
    if (cell.char === ":" && !cell.literal && segments.length < 6) segments.push([]);
    else segments.at(-1)!.push(cell);
  }
  const [a = "", b = "", c = "", d = "", e = "", ...rest] = seen.split(":");
  return (
    segments.length === 6 &&
    rest.length > 0 &&
    [a, b, c, d, e, rest.join(":")].every((value, i) => glob(segments[i], value))
  );
}
