/**
 * The engine against the oracle on seeded random cases, and the properties that hold for every case.
 * ROLECALL_FUZZ_COUNT and ROLECALL_FUZZ_SEED make a longer run, or repeat one.
 */
import { describe, expect, test } from "vitest";
import { explain } from "../../src/policy/index.ts";
import type { Case, Element, Json } from "./case.ts";
import { asExpected, casesOf } from "./case-files.ts";
import { engineDecides, policiesOf, requestOf } from "./engine.ts";
import { compare, settings } from "./fuzz.ts";
import { generate, statementFor } from "./generate.ts";
import { Random } from "../harness/random.ts";
import { shrink } from "./shrink.ts";

const { seed, count } = settings(process.env);

describe("the engine", () => {
  for (const file of ["aws-docs-tables", "oidc-trust", "simulate-recorded", "disagreements"]) {
    test(`agrees with every row of ${file} but the errata`, () => {
      const wrong = casesOf(file)
        .filter((row) => !row.errata)
        .map((row) => ({ id: row.id, expected: row.expected, got: engineDecides(row) }))
        .filter(({ got, expected }) => !asExpected(got, expected));
      expect(wrong).toEqual([]);
    });
  }

  test(
    `agrees with the oracle on ${count} comparisons from seed ${seed} on`,
    () => {
      const outcomes: Record<string, number> = {};
      for (let done = 0, world = seed; done < count;) {
        const report = compare(world, Math.min(count - done, 200_000));
        done += report.comparisons;
        world = report.next;
        for (const [outcome, times] of Object.entries(report.outcomes))
          outcomes[outcome] = (outcomes[outcome] ?? 0) + times;
        console.log(`oracle and engine: seed ${seed}, ${done} comparisons`, outcomes);
        expect(report.disagreements.join("\n")).toBe("");
      }
      // A run that hardly ever allows, or hardly ever denies, proves little.
      if (count < 10_000) return;
      for (const outcome of ["Allowed", "ExplicitlyDenied", "ImplicitlyDenied"]) {
        expect(outcomes[outcome] ?? 0, outcome).toBeGreaterThan(count / 10);
      }
    },
    Math.max(60_000, count),
  );
});

describe("for every case", () => {
  const anything: Element = { Effect: "Deny", Action: "*", Resource: "*" };

  holds("an explicit deny wins, in whatever layer it stands", (c, random) => {
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
  });

  holds("the order of policies, statements, keys and values never matters", (c, random) => {
    const plain = unbound(c); // bindings name statements by their position
    const shuffled = {
      ...plain,
      policies: shuffle(plain.policies as unknown as Json, random) as unknown as Case["policies"],
    };
    return engineDecides(shuffled) === engineDecides(plain);
  });

  holds("one more Allow never takes access away", (c, random) => {
    const more = withStatement(c, random, "Allow");
    return more === undefined || engineDecides(c) !== "Allowed" || engineDecides(more) === "Allowed";
  });

  // NotPrincipal is no exception here: it stands in Deny statements only, and one Deny more still only denies.
  holds("one more Deny never gives access", (c, random) => {
    const more = withStatement(c, random, "Deny");
    return more === undefined || engineDecides(c) === "Allowed" || engineDecides(more) !== "Allowed";
  });

  holds("what no document grants is denied", (c) => {
    const who = c.request.principal;
    const root = typeof who === "string" ? who.endsWith(":root") : who.type === "Root";
    if (root || /getcalleridentity/i.test(c.request.action)) return true; // AWS allows these without a policy
    const nothing = onStatements(unbound(c), (statements) => statements.filter((s) => s["Effect"] !== "Allow"));
    return engineDecides(nothing) !== "Allowed";
  });

  holds("explain says what evaluate says", (c) => {
    const explanation = explain(requestOf(c), policiesOf(c));
    const outcome = engineDecides(c);
    const blocked = explanation.blockedBy.map((block) => block.outcome);
    if (explanation.decision.outcome !== outcome) return false;
    // What blocks is named exactly when something does, and an explicit denial names an explicit deny.
    if ((outcome === "Allowed") !== (blocked.length === 0)) return false;
    return (outcome === "ExplicitlyDenied") === blocked.includes("ExplicitlyDenied");
  });
});

/** Checks a property on a few thousand cases; a case that breaks it is made small and printed as a line of a case file. */
function holds(name: string, property: (c: Case, random: Random) => boolean): void {
  test(name, () => {
    const cases = Math.min(count, 6_000);
    for (let world = seed; world < seed + cases / 2; world++) {
      for (const c of generate(world, 2)) {
        const broken = (smaller: Case): boolean => !property(smaller, new Random(world));
        if (broken(c)) expect.fail(JSON.stringify(shrink(c, broken)));
      }
    }
  });
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
function shuffle(value: Json, random: Random): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return random.shuffle(value.map((item: Json) => shuffle(item, random)));
  return Object.fromEntries(
    random.shuffle(Object.entries(value).map(([key, item]) => [key, shuffle(item, random)] as const)),
  );
}
