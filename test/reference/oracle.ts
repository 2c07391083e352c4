/**
 * The oracle: a second opinion on every decision, naive on purpose and short enough to check by eye. It was written
 * from AWS's documentation (IAM User Guide; the page is named where its rule stands) and from what AWS was observed to
 * answer in September 2026 (cases/policy/recorded-*.jsonl), and shares no code with src/policy.
 */
import type { Outcome, Principal } from "../../src/policy/types.ts";
import type { Case, Element, Json } from "./case.ts";
import { callerOf, contextOf, documentOf, documentsOf, isTrust, levelsOf, listOf, textsOf } from "./case.ts";
import { comparisons, glob, isArnPattern, isNever, isTrue, plain, readable, resolve, text } from "./oracle-values.ts";
import type { Context } from "./oracle-values.ts";

type Caller = { who: Principal; request: Case["request"]; context: Context; bounded: boolean; trust: boolean };
/** How a resource policy names a caller: itself, the role (or user) behind its session, or its account. */
type Naming = "direct" | "entity" | "account";

export function decide(c: Case): Outcome {
  const { request, policies } = c;
  // No permission is needed, and none can be taken (API_GetCallerIdentity).
  if (request.action.toLowerCase() === "sts:getcalleridentity") return "Allowed";

  const who = callerOf(c);
  const boundaries = policies.boundaries ? documentsOf(policies.boundaries) : null;
  const caller: Caller = { who, request, context: contextOf(c), bounded: boundaries !== null, trust: isTrust(c) };
  const says = (effect: string, d: Element) => namings(effect, d, caller).size > 0;
  /** Of an identity: AWS completes its ARNs (reference-arns). */
  const own = (effect: string, d: Element) => namings(effect, d, caller, {}, true).size > 0;

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
  const others = [...(session ?? []), ...scps.flat(), ...rcps.flat(), ...endpoint];
  if ([...identity, ...(boundaries ?? [])].some((d) => own("Deny", d))) return "ExplicitlyDenied";
  if (others.some((d) => says("Deny", d))) return "ExplicitlyDenied";
  if (resource && namings("Deny", resource, caller, c.bindings).size > 0) return "ExplicitlyDenied";

  // 2. What only limits: an Allow at every SCP level, and the endpoint. RCPFullAWSAccess makes RCPs allow always.
  if (!scps.every((level) => level.some((d) => says("Allow", d)))) return "ImplicitlyDenied";
  if (!endpoint.every((d) => says("Allow", d))) return "ImplicitlyDenied";

  // 3. What grants. Root needs no policy of its own; a federated user has no more than its session policies.
  const named = resource ? namings("Allow", resource, caller, c.bindings) : new Set<Naming>();
  const issuedByRoot = (who.type === "FederatedUser" ? who.issuer : who).type === "Root";
  const holds = inAccount && (issuedByRoot || identity.some((d) => own("Allow", d)));
  const withinSession = session?.some((d) => says("Allow", d)) ?? who.type !== "FederatedUser";
  const withinBoundaries = boundaries === null || (boundaries.length > 0 && boundaries.every((d) => own("Allow", d)));
  const within = withinSession && withinBoundaries;
  return granted() ? "Allowed" : "ImplicitlyDenied";

  function granted(): boolean {
    if (!inAccount) return named.has("direct");
    if (who.account !== request.resourceAccount) return holds && within && named.size > 0; // both sides
    if (named.has("direct")) return true; // no implicit deny limits this
    // Trust and key policies must allow by themselves (reference_policies_evaluation-logic_policy-eval-denyallow).
    const alone = caller.trust || /^arn:[^:]*:kms:[^:]*:\d{12}:key\//.test(request.resource);
    if (resource && alone) return within && (named.has("entity") || (named.has("account") && holds));
    return within && (named.has("entity") || holds);
  }
}

/** How the statements of `effect` that match the request name the caller; empty: none matches. */
function namings(
  effect: string,
  doc: Element,
  caller: Caller,
  bindings: Case["bindings"] = {},
  completes = false,
): Set<Naming> {
  const found = new Set<Naming>();
  const variables = doc["Version"] === "2012-10-17";
  for (const [index, statement] of (listOf(doc["Statement"]) as Element[]).entries()) {
    if (statement["Effect"] !== effect || !concerns(statement, caller, variables, completes)) continue;
    const bound = (path: string) => bindings[`${index}/${path}`];
    if (statement["Principal"] !== undefined) {
      // {"AWS": "*"} lets no caller of an identity provider put a role on.
      const federated = caller.who.type === "SAML" || caller.who.type === "WebIdentity";
      const star = effect === "Allow" && caller.trust && federated ? "AWS: nobody" : "AWS *";
      for (const naming of named("Principal", statement["Principal"], caller.who, bound, star)) found.add(naming);
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
function named(
  element: string,
  value: Json,
  who: Principal,
  bound: (path: string) => string | undefined,
  star = "AWS *",
): Set<Naming> {
  const names = Object.entries(namesOf(who)) as [Naming, string[]][];
  const listed = new Set<string>();
  for (const [type, values] of Object.entries(value === "*" ? {} : (value as Element))) {
    for (const [index, text] of textsOf(values).entries()) {
      const id = bound(`${element}/${type}/${index}`) ?? text; // a bound principal is its id, whatever the text says
      listed.add(`${type} ${id}`);
      // A role's name is unique: a session's ARN, which has no path, is of the role of that name.
      if ("pathUnknown" in who && type === "AWS") listed.add(`AWS ${id.replace(/(:iam::\d+:role\/).*\//, "$1")}`);
    }
  }
  if (value === "*" || listed.has(star)) return new Set(["direct", ...names.map(([naming]) => naming)]);
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
function concerns(s: Element, { request, context }: Caller, variables: boolean, completes: boolean): boolean {
  const action = request.action.toLowerCase();
  const denies = s["Effect"] === "Deny";
  const hasAction = (list: Json) => textsOf(list).some((p) => glob(plain(p.toLowerCase()), action));
  const hasResource = (list: Json, strict: boolean) =>
    textsOf(list).some((p) => takesIn(p, request.resource, context, { variables, completes, strict }));
  if (s["Action"] !== undefined ? !hasAction(s["Action"]) : hasAction(s["NotAction"] ?? [])) return false;
  if (s["Resource"] !== undefined && !hasResource(s["Resource"], !denies)) return false;
  if (s["NotResource"] !== undefined && hasResource(s["NotResource"], denies)) return false;
  return Object.entries((s["Condition"] ?? {}) as Element).every(([operator, keys]) =>
    Object.entries(keys as Element).every(([key, values]) => {
      const seen = context.get(key.toLowerCase());
      const empty = Array.isArray(seen) && seen.length === 0; // an empty set is no value
      return holds({ operator, wanted: textsOf(values), variables, denies }, empty ? undefined : seen, context);
    }),
  );
}

/**
 * An entry of Resource or NotResource; strict: where to take in is to grant, or to keep from being denied. What is no ARN
 * takes in nothing there. Missing parts are `*` in an identity's policy, or where that can only deny (reference-arns).
 */
function takesIn(
  entry: string,
  resource: string,
  context: Context,
  { variables, completes, strict }: { variables: boolean; completes: boolean; strict: boolean },
): boolean {
  const cells = resolve(entry, context, variables);
  if (cells === undefined) return false;
  const short = 6 - text(cells).split(":").length;
  const isArn = text(cells).startsWith("arn:") && short <= 0;
  if ((entry === "*" || isArn || !strict) && glob(cells, resource, true)) return true;
  if ((variables && entry.includes("${")) || short <= 0) return false;
  const filled = (arn: string): boolean => glob(plain(arn + ":*".repeat(6 - arn.split(":").length)), resource, true);
  if (strict) return completes && /^arn:[^:]*:[^:]/.test(entry) && filled(entry);
  return /^arn(:|$)/.test(entry) && (filled(entry) || filled(entry.replace(/:+$/, ""))); // parts left empty at the end are missing too
}

interface Clause {
  readonly operator: string;
  readonly wanted: string[];
  readonly variables: boolean;
  readonly denies: boolean;
}

/** reference_policies_elements_condition_operators; set operators: reference_policies_condition-single-vs-multi-valued-context-keys */
function holds(
  { operator, wanted, variables, denies }: Clause,
  seen: string | readonly string[] | undefined,
  context: Context,
): boolean {
  const [, set, positive = "", ifExists] = /^(ForAllValues:|ForAnyValue:)?(.+?)(IfExists)?$/.exec(operator) ?? [];
  // Null compares nothing, value by value.
  if (positive === "Null" && set === undefined) return wanted.some((w) => isTrue(w) === (seen === undefined));
  if (seen === undefined || positive === "Null")
    return set === undefined ? ifExists !== undefined || /Not/.test(positive) : set === "ForAllValues:";
  const type = positive.replace("Not", "");
  const compare = comparisons[type];
  if (compare === undefined) throw new Error(`no such operator: ${operator}`);
  const substituted = wanted.map((w) => resolve(w, context, variables && /^(String|Arn|Bool)/.test(positive)));
  /** Undefined: the policy's value is broken, so that the statement grants nothing and denies. */
  const one = (value: string): boolean | undefined => {
    if (wanted.length === 0 || (readable[type]?.(value) ?? true) === false) return false;
    for (const [index, w] of substituted.entries()) {
      // What is no ARN whatever its variables stand for, and then what has a variable without a value.
      if (type.startsWith("Arn") && isNever(wanted[index]!, variables)) return undefined;
      if (w === undefined) continue;
      if (type.startsWith("Arn") && !isArnPattern(w)) return undefined;
      if (compare(value, w)) return !/Not/.test(positive);
    }
    return /Not/.test(positive);
  };
  if (set === undefined) return typeof seen === "string" && (one(seen) ?? denies); // several values need a set operator
  for (const value of [seen].flat()) {
    const outcome = one(value);
    if (outcome !== (set === "ForAllValues:")) return outcome ?? denies;
  }
  return set === "ForAllValues:"; // IfExists changes nothing here
}
