/** The engine under test, asked in the plain form of a case. */
import { compile, contextOf, evaluate, principalFromArn } from "../../src/policy/index.ts";
import type { CompiledPolicy, Outcome, Policies, PolicyKind, Request } from "../../src/policy/types.ts";
import type { Case, Element, Level } from "./case.ts";
import { isTrust } from "./case.ts";

/** Requests that share their policies share the compiled form, as they would in a server. */
const compiled = new WeakMap<object, Map<string, Policies>>();

export function policiesOf(c: Case): Policies {
  const kind = isTrust(c) ? "trust" : "resource";
  let kinds = compiled.get(c.policies);
  if (kinds === undefined || c.bindings !== undefined) compiled.set(c.policies, (kinds = new Map()));
  let made = kinds.get(kind);
  if (made === undefined) kinds.set(kind, (made = compileAll(c, kind)));
  return made;
}

function compileAll({ policies, bindings }: Case, kind: PolicyKind): Policies {
  const one = (source: Element | string, as: PolicyKind): CompiledPolicy =>
    compile(
      typeof source === "string" ? source : JSON.stringify(source),
      as,
      as === kind && bindings ? { bindings } : {},
    );
  const many = (list: readonly (Element | string)[], as: PolicyKind) => list.map((source) => one(source, as));
  const levels = (list: readonly Level[], as: PolicyKind) =>
    list.map((level) =>
      typeof level === "object" && "policies" in level
        ? many(level.policies as readonly (Element | string)[], as)
        : [one(level as Element | string, as)],
    );
  return {
    identity: many(policies.identity ?? [], "identity"),
    resource: policies.resource ? one(policies.resource, kind) : null,
    boundaries: policies.boundaries ? many(policies.boundaries, "boundary") : null,
    session: policies.session ? many(policies.session, "session") : null,
    scps: policies.scps ? levels(policies.scps, "scp") : null,
    rcps: policies.rcps ? levels(policies.rcps, "rcp") : null,
    endpoint: policies.endpoint ? one(policies.endpoint, "endpoint") : null,
  };
}

export function requestOf({ request }: Case): Request {
  const { principal, action, resource, resourceAccount } = request;
  return {
    principal: typeof principal === "string" ? principalFromArn(principal) : principal,
    action,
    resource,
    resourceAccount,
    context: contextOf(request.context ?? {}),
  };
}

/** The engine's outcome; Error text when it threw, so that a throw is a difference and not the end. */
export function engineDecides(c: Case): Outcome | `threw ${string}` {
  try {
    return evaluate(requestOf(c), policiesOf(c)).outcome;
  } catch (error) {
    return `threw ${String(error)}`;
  }
}
