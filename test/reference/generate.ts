/** Seeded cases, biased towards the corners of the rules. */
import type { ContextValue, Principal } from "../../src/policy/types.ts";
import type { Case, Element, Json } from "./case.ts";
import { isTrust } from "./case.ts";
import {
  actionPatterns,
  actions,
  families,
  here,
  principals,
  resourcePatterns,
  resources,
  specials,
  strangers,
  there,
  trustActions,
} from "./corners.ts";
import { Random } from "../harness/random.ts";

type Layer = "identity" | "resource" | "trust" | "boundary" | "session" | "scp" | "rcp" | "endpoint";

/** Cases that share their policies and differ in what is asked; the same seed gives the same cases. */
export function generate(seed: number, requests = 4): Case[] {
  const random = new Random(seed);
  const first = request(random);
  const policies = policiesFor(random, first);
  const bindings = bindingsFor(random, policies.resource, first.principal as Principal);
  const ask = (asked: Request, n: number): Case => ({
    id: `${seed}.${n}`,
    request: textual(random, asked),
    policies: possible(policies, asked.principal as Principal),
    ...(bindings === undefined ? {} : { bindings }),
  });
  const cases = [ask(first, 0)];
  const trust = isTrust({ request: first, policies });
  for (let n = 1; n < requests; n++) {
    const resource = trust || random.chance(0.5) ? first.resource : random.pick(resources);
    cases.push(ask({ ...vary(random, first), resource, context: context(random) }, n));
  }
  return cases;
}

/** Without the policies that root and users cannot have: they limit nobody, and AWS says nothing of them. */
function possible(policies: Case["policies"], who: Principal): Case["policies"] {
  if (who.type === "Root") return { ...policies, boundaries: null, session: null };
  return who.type === "User" ? { ...policies, session: null } : policies;
}

type Request = Case["request"];

function request(random: Random): Request {
  const trust = random.chance(0.2);
  return {
    principal: random.pick(principals),
    action: cased(
      random,
      trust ? random.pick(trustActions) : random.chance(0.01) ? "sts:GetCallerIdentity" : random.pick(actions),
    ),
    resource: trust ? `arn:aws:iam::${here}:role/ci` : random.pick(resources),
    resourceAccount: random.chance(0.8) ? here : there,
    context: context(random),
  };
}

/** Another caller or the same, another action of the same sort or the same. */
function vary(random: Random, first: Request): Request {
  const trust = /^sts:AssumeRole/i.test(first.action);
  return {
    ...first,
    principal: random.chance(0.6) ? first.principal : random.pick(principals),
    action: random.chance(0.6) ? first.action : random.pick(trust ? trustActions : actions),
  };
}

/** Some callers as their ARN's text, where the text says all that the policies may ask. */
function textual(random: Random, asked: Request): Request {
  const who = asked.principal as Principal;
  if (!random.chance(0.15)) return asked;
  if (who.type === "Root" || who.type === "User" || who.type === "FederatedUser")
    return { ...asked, principal: who.arn };
  if (who.type === "RoleSession") return { ...asked, principal: random.chance(0.5) ? who.arn : who.roleArn };
  if (who.type === "Service") return { ...asked, principal: who.service };
  if (who.type === "Anonymous") return { ...asked, principal: "*" };
  if ((who.type === "WebIdentity" || who.type === "SAML") && who.provider.startsWith("arn:"))
    return { ...asked, principal: who.provider };
  return asked;
}

function context(random: Random): Record<string, ContextValue> {
  const entries: Record<string, ContextValue> = {};
  for (const family of families) {
    for (const key of family.keys) {
      if (random.chance(0.55)) continue;
      const foreign = random.chance(0.05) ? random.pick(families) : family;
      let value: ContextValue = random.pick(
        specials[key] !== undefined && random.chance(0.7) ? specials[key] : foreign.seen,
      );
      if (typeof value === "string" && random.chance(0.08)) value = random.list(0, 3, () => random.pick(family.seen));
      entries[cased(random, key)] = value;
    }
  }
  if (random.chance(0.5)) entries["aws:PrincipalAccount"] = random.pick(specials["aws:PrincipalAccount"] ?? []);
  // A key is there once, whatever its case: two spellings of one name would be two opinions on one value.
  const once = new Map(Object.keys(entries).map((key) => [key.toLowerCase(), key]));
  return Object.fromEntries([...once.values()].map((key) => [key, entries[key] as ContextValue]));
}

function cased(random: Random, name: string): string {
  return random.chance(0.9) ? name : random.chance(0.5) ? name.toUpperCase() : name.toLowerCase();
}

function policiesFor(random: Random, asked: Request): Case["policies"] {
  const trust = isTrust({ request: asked, policies: {} });
  const many = (most: number, layer: Layer) => random.list(0, most, () => documentFor(random, layer, asked));
  const some = (chance: number, most: number, layer: Layer) =>
    random.chance(chance) ? random.list(1, most, () => documentFor(random, layer, asked)) : null;
  const levels = (chance: number, layer: Layer) =>
    random.chance(chance)
      ? random.list(random.chance(0.03) ? 0 : 1, 3, () => ({
          level: "ou",
          policies: random.list(random.chance(0.05) ? 0 : 1, 2, () => documentFor(random, layer, asked)),
        }))
      : null;
  return {
    identity: many(2, "identity"),
    resource: random.chance(trust ? 0.95 : 0.6) ? documentFor(random, trust ? "trust" : "resource", asked) : null,
    boundaries: random.chance(0.01) ? [] : some(0.25, random.chance(0.1) ? 2 : 1, "boundary"),
    session: random.chance(0.02) ? [] : some(0.4, 2, "session"),
    scps: levels(0.2, "scp"),
    rcps: levels(0.15, "rcp"),
    endpoint: random.chance(0.1) ? documentFor(random, "endpoint", asked) : null,
  };
}

function documentFor(random: Random, layer: Layer, asked: Request): Element {
  const statements = random.list(1, 3, () => statementFor(random, layer, asked));
  const version = random.chance(0.75) ? "2012-10-17" : random.chance(0.5) ? "2008-10-17" : undefined;
  return {
    ...(version === undefined ? {} : { Version: version }),
    Statement: statements.length === 1 && random.chance(0.5) ? (statements[0] as Element) : statements,
  };
}

/** A statement such as a document of that layer may hold. */
export function statementFor(random: Random, layer: Layer, asked: Request, effect?: "Allow" | "Deny"): Element {
  const statement: Record<string, Json> = {};
  const limiting = layer === "scp" || layer === "boundary" || layer === "endpoint" || layer === "session";
  const chosen = effect ?? (layer === "rcp" || random.chance(limiting ? 0.08 : 0.13) ? "Deny" : "Allow");
  statement["Effect"] = chosen;
  if (layer === "resource" || layer === "trust" || layer === "endpoint") {
    if (chosen === "Deny" && layer !== "trust" && random.chance(0.3))
      statement["NotPrincipal"] = principalElement(random, asked.principal as Principal, 0.8);
    else
      statement["Principal"] =
        layer === "endpoint" && random.chance(0.7) ? "*" : principalElement(random, asked.principal as Principal, 0.5);
  }
  if (layer === "rcp") statement["Principal"] = "*";
  const broad = limiting ? 0.6 : 0.25;
  if (random.chance(0.12))
    statement["NotAction"] = lone(
      random,
      random.list(1, 2, () => actionPattern(random, asked.action, 0.2)),
    );
  else
    statement["Action"] = random.chance(broad)
      ? "*"
      : lone(
          random,
          random.list(1, 3, () => actionPattern(random, asked.action, 0.75)),
        );
  if (layer !== "trust") {
    if (random.chance(0.12))
      statement["NotResource"] = lone(
        random,
        random.list(1, 2, () => pattern(random, asked.resource, resourcePatterns, 0.2)),
      );
    else
      statement["Resource"] = random.chance(broad + 0.2)
        ? "*"
        : lone(
            random,
            random.list(1, 3, () => pattern(random, asked.resource, resourcePatterns, 0.7)),
          );
  }
  if (random.chance(0.45)) statement["Condition"] = conditionFor(random, asked);
  return statement;
}

function lone(random: Random, values: Json[]): Json {
  return values.length === 1 && random.chance(0.5) ? (values[0] as Json) : values;
}

function actionPattern(random: Random, action: string, near: number): string {
  const made = cased(random, pattern(random, action, actionPatterns, near));
  return made === "*" || made.includes(":") ? made : (actionPatterns[0] as string);
}

/** What is asked for with a wildcard or a slip in it, or any of the usual patterns. */
function pattern(random: Random, asked: string, usual: readonly string[], near: number): string {
  if (!random.chance(near)) return random.pick(usual);
  const at = random.below(asked.length);
  const to = at + 1 + random.below(asked.length - at);
  switch (random.below(6)) {
    case 0:
      return `${asked.slice(0, at)}*${asked.slice(to)}`;
    case 1:
      return `${asked.slice(0, at)}?${asked.slice(at + 1)}`;
    case 2:
      return asked.length > 1 ? asked.slice(0, -1) : asked;
    case 3:
      return `${asked}*`;
    default:
      return asked;
  }
}

/** A Principal or NotPrincipal: the caller's own names, each with probability `own`, among others. */
function principalElement(random: Random, who: Principal, own: number): Json {
  if (random.chance(0.08) && own < 0.8) return "*";
  const element: Record<string, string[]> = {};
  for (const [type, name] of namesOf(random, who)) if (random.chance(own)) (element[type] ??= []).push(name);
  if (Object.keys(element).length === 0 || random.chance(0.2)) {
    const type = random.pick(["AWS", "AWS", "AWS", "AWS", "Service", "Federated", "CanonicalUser"] as const);
    const name = random.pick(strangers[type]);
    if (own < 0.8 || name !== "*") (element[type] ??= []).push(name);
    else element["AWS"] = [there];
  }
  return Object.fromEntries(Object.entries(element).map(([type, names]) => [type, lone(random, names)]));
}

function namesOf(random: Random, who: Principal): [string, string][] {
  if (who.type === "Service") return [["Service", who.service]];
  if (who.type === "Anonymous") return random.chance(0.5) ? [["AWS", "*"]] : [];
  if (who.type === "WebIdentity" || who.type === "SAML") return [["Federated", who.provider]];
  const names = [random.chance(0.5) ? who.account : `arn:aws:iam::${who.account}:root`];
  if (who.type === "User") names.push(random.chance(0.8) ? who.arn : who.id);
  if (who.type === "RoleSession") {
    names.push(random.chance(0.8) ? who.roleArn : who.roleId);
    names.push(random.chance(0.8) ? who.arn : `${who.roleId}:${who.sessionName}`);
  }
  if (who.type === "FederatedUser") {
    names.push(who.arn);
    if (who.issuer.type === "User") names.push(random.chance(0.8) ? who.issuer.arn : who.issuer.id);
  }
  return names.map((name) => ["AWS", name]);
}

function conditionFor(random: Random, asked: Request): Element {
  const condition: Record<string, Record<string, Json>> = {};
  for (let n = random.chance(0.7) ? 1 : 2; n > 0; n--) {
    const family = random.pick(families);
    const keys = [random.pick(family.keys), ...(random.chance(0.2) ? [random.pick(family.keys)] : [])];
    const isNull = random.chance(0.08);
    const set = random.chance(0.3) ? random.pick(["ForAllValues:", "ForAnyValue:"]) : "";
    const operator = isNull
      ? `${set}Null`
      : `${set}${random.pick(family.operators)}${random.chance(0.25) ? "IfExists" : ""}`;
    const clause: Record<string, Json> = {};
    for (const key of keys)
      clause[key.toLowerCase() === key ? key : cased(random, key)] = isNull
        ? random.pick<Json>(["true", "false", true, false, "True", "yes"])
        : wantedFor(random, family, key, asked);
    // One spelling of a key for each operator: JSON objects that differ in case only are one clause on AWS, two here.
    const once = new Map(Object.keys(clause).map((key) => [key.toLowerCase(), key]));
    condition[operator] = Object.fromEntries([...once.values()].map((key) => [key, clause[key] as Json]));
  }
  return condition;
}

function wantedFor(random: Random, family: (typeof families)[number], key: string, asked: Request): Json {
  const seen = asked.context?.[key];
  const one = (): Json => {
    const near =
      typeof seen === "string" && random.chance(0.35) ? (random.chance(0.8) ? seen : seen.toUpperCase()) : undefined;
    const value = near ?? random.pick((random.chance(0.05) ? random.pick(families) : family).wanted);
    if (value === "true" && random.chance(0.2)) return true;
    return value === "10" && random.chance(0.2) ? 10 : value;
  };
  return lone(random, random.list(random.chance(0.02) ? 0 : 1, 3, one));
}

/** Unique ids for some of the resource policy's user, role and session principals. */
function bindingsFor(
  random: Random,
  policy: Case["policies"]["resource"],
  who: Principal,
): Record<string, string> | undefined {
  if (policy === null || policy === undefined || typeof policy === "string" || !random.chance(0.15)) return undefined;
  const ids = ["AIDANOBODYNOBODYNOBOD", "AROANOBODYNOBODYNOBOD"];
  if (who.type === "User") ids.push(who.id, who.id);
  if (who.type === "RoleSession")
    ids.push(who.roleId, who.roleId, `${who.roleId}:${who.sessionName}`, `${who.roleId}:other`);
  if (who.type === "FederatedUser" && who.issuer.type === "User") ids.push(who.issuer.id);
  const bindings: Record<string, string> = {};
  for (const [s, statement] of [policy["Statement"]].flat().entries()) {
    for (const element of ["Principal", "NotPrincipal"]) {
      const value = (statement as Element)[element];
      if (value === undefined || value === "*") continue;
      for (const [n, name] of [(value as Element)["AWS"] ?? []].flat().entries()) {
        if (/:(user|role|assumed-role)\//.test(name as string) && random.chance(0.7))
          bindings[`${s}/${element}/AWS/${n}`] = random.pick(ids);
      }
    }
  }
  return Object.keys(bindings).length > 0 ? bindings : undefined;
}
