/** What holds of the engine for every case, whatever the oracle says. */
import { explain } from "../../src/policy/index.ts";
import { Random } from "../harness/random.ts";
import type { Case, Element, Json } from "./case.ts";
import { engineDecides, policiesOf, requestOf } from "./engine.ts";
import { generate, statementFor } from "./generate.ts";
import { shrink } from "./shrink.ts";

export interface Property {
  readonly name: string;
  /** @param random the same for the same case */
  holds(c: Case, random: Random): boolean;
}

const anything: Element = { Effect: "Deny", Action: "*", Resource: "*" };

export const properties: readonly Property[] = [
  {
    name: "an explicit deny wins, in whatever layer it stands",
    holds(c, random) {
      if (/getcalleridentity/i.test(c.request.action)) return true;
      const deny = { Version: "2012-10-17", Statement: [anything] };
      const everybody = { Version: "2012-10-17", Statement: [{ ...anything, Principal: "*" }] };
      const { policies } = c;
      const denied = random.pick<Case["policies"]>([
        { ...policies, identity: [...(policies.identity ?? []), deny] },
        { ...policies, boundaries: [...(policies.boundaries ?? []), deny] },
        { ...policies, session: [deny, ...(policies.session ?? [])] },
        { ...policies, resource: everybody },
        { ...policies, endpoint: everybody },
      ]);
      return engineDecides(unbound({ ...c, policies: denied })) === "ExplicitlyDenied";
    },
  },
  {
    name: "the order of policies, statements, keys and values never matters, but of values that may be no ARN",
    holds(c, random) {
      const plain = unbound(c); // bindings name statements by their position
      const shuffled = {
        ...plain,
        policies: shuffle(plain.policies as unknown as Json, random) as unknown as Case["policies"],
      };
      return engineDecides(shuffled) === engineDecides(plain);
    },
  },
  {
    name: "one more Allow never takes access away",
    holds(c, random) {
      const more = withStatement(c, random, "Allow");
      return more === undefined || engineDecides(c) !== "Allowed" || engineDecides(more) === "Allowed";
    },
  },
  // NotPrincipal is no exception here: it stands in Deny statements only, and one Deny more still only denies.
  {
    name: "one more Deny never gives access",
    holds(c, random) {
      const more = withStatement(c, random, "Deny");
      return more === undefined || engineDecides(c) === "Allowed" || engineDecides(more) !== "Allowed";
    },
  },
  {
    name: "what no document grants is denied",
    holds(c) {
      const who = c.request.principal;
      const root = typeof who === "string" ? who.endsWith(":root") : who.type === "Root";
      if (root || /getcalleridentity/i.test(c.request.action)) return true; // AWS allows these without a policy
      const nothing = onStatements(unbound(c), (statements) => statements.filter((s) => s["Effect"] !== "Allow"));
      return engineDecides(nothing) !== "Allowed";
    },
  },
  {
    name: "explain says what evaluate says",
    holds(c) {
      const explanation = explain(requestOf(c), policiesOf(c));
      const outcome = engineDecides(c);
      const blocked = explanation.blockedBy.map((block) => block.outcome);
      if (explanation.decision.outcome !== outcome) return false;
      // What blocks is named exactly when something does, and an explicit denial names an explicit deny.
      if ((outcome === "Allowed") !== (blocked.length === 0)) return false;
      return (outcome === "ExplicitlyDenied") === blocked.includes("ExplicitlyDenied");
    },
  },
];

/** The first of `count` cases that breaks a property, made small, as a line of a case file; null when all hold it. */
export function counterexample({ holds }: Property, seed: number, count: number): string | null {
  for (let world = seed; world < seed + count / 2; world++) {
    for (const c of generate(world, 2)) {
      const broken = (smaller: Case): boolean => !holds(smaller, new Random(world));
      if (broken(c)) return JSON.stringify(shrink(c, broken));
    }
  }
  return null;
}

function unbound(c: Case): Case {
  const { bindings: _, ...rest } = c;
  return rest;
}

/** A statement more in the middle of one of the documents of a case; undefined where there is none. */
function withStatement(c: Case, random: Random, effect: "Allow" | "Deny"): Case | undefined {
  const { policies } = c;
  const trust = policies.resource && /^sts:AssumeRole/i.test(c.request.action) && c.request.resource.includes(":role/");
  const principal = c.request.principal;
  if (typeof principal === "string") return undefined;
  const layers = (
    [
      ["identity", "identity", policies.identity],
      ["boundaries", "boundary", policies.boundaries],
      ["session", "session", policies.session],
      ["resource", trust ? "trust" : "resource", policies.resource],
      ["endpoint", "endpoint", policies.endpoint],
    ] as const
  ).filter(([, , there]) => there && (!Array.isArray(there) || there.length > 0));
  if (layers.length === 0) return undefined;
  const [field, layer, there] = random.pick(layers);
  const statement = statementFor(random, layer, c.request, effect);
  const add = (document: Element): Element => ({
    ...document,
    Statement: [...([document["Statement"]].flat() as Json[]), statement],
  });
  const changed = Array.isArray(there)
    ? (there as Element[]).map((d, n) => (n === 0 ? add(d) : d))
    : add(there as Element);
  return { ...c, policies: { ...policies, [field]: changed } };
}

/** The case with the statements of each of its documents changed; a document that is left empty goes. */
function onStatements(c: Case, change: (statements: Element[]) => Element[]): Case {
  const visit = (value: Json): Json => {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(visit).filter((item) => item !== null);
    const object = value as Element;
    if (object["Statement"] === undefined)
      return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, visit(item)]));
    const statements = change([object["Statement"]].flat() as Element[]);
    return statements.length === 0 ? null : { ...object, Statement: statements };
  };
  return { ...c, policies: visit(c.policies as unknown as Json) as unknown as Case["policies"] };
}

/** The same value with every list and every object in another order; the levels of an organization too. */
/** Values of Arn… operators stay in their order: one that is no ARN ends the comparison there (observed on AWS, 2026). */
function shuffle(value: Json, random: Random): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return random.shuffle(value.map((item: Json) => shuffle(item, random)));
  return Object.fromEntries(
    random.shuffle(
      Object.entries(value).map(
        ([key, item]) => [key, /arn(?:not)?(?:like|equals)/i.test(key) ? item : shuffle(item, random)] as const,
      ),
    ),
  );
}
