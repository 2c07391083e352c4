/** The plain form of a case: a question, the policies that judge it, and what is expected. */
import type { ContextValue, Outcome, Principal } from "../../src/policy/types.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Element = { readonly [key: string]: Json };
/** Levels of an organization's policies; a bare document is a level of its own. */
export type Level = { readonly level?: string; readonly policies: readonly (Element | string)[] } | Element | string;

/** One line of a case file. Fields that are null or absent are not there. */
export interface Case {
  readonly id?: string;
  readonly kind?: string;
  readonly errata?: string | null;
  readonly request: {
    readonly principal: string | Principal;
    readonly action: string;
    readonly resource: string;
    readonly resourceAccount: string;
    readonly context?: Readonly<Record<string, ContextValue | boolean | number | null>>;
  };
  readonly policies: {
    readonly identity?: readonly (Element | string)[] | null;
    readonly resource?: Element | string | null;
    readonly boundaries?: readonly (Element | string)[] | null;
    readonly session?: readonly (Element | string)[] | null;
    readonly scps?: readonly Level[] | null;
    readonly rcps?: readonly Level[] | null;
    readonly endpoint?: Element | string | null;
  };
  /** Unique ids that the resource policy's principals are bound to (see `Bindings`). */
  readonly bindings?: Readonly<Record<string, string>>;
  readonly expected?: Outcome | "Denied";
}

/** Whether the resource policy of a case is a role's trust policy. */
export function isTrust(c: Case): boolean {
  const assumes = /^sts:AssumeRole/i.test(c.request.action);
  return c.kind === "trust" || (assumes && /^arn:[^:]*:iam::\d{12}:role\//.test(c.request.resource));
}

export function documentsOf(list: readonly (Element | string)[]): Element[] {
  return list.map(documentOf);
}

export function documentOf(source: Element | string): Element {
  return typeof source === "string" ? (JSON.parse(source) as Element) : source;
}

export function levelsOf(list: readonly Level[] | null | undefined): Element[][] {
  return (list ?? []).map((level) =>
    typeof level === "object" && "policies" in level
      ? documentsOf(level.policies as readonly (Element | string)[])
      : [documentOf(level as Element | string)],
  );
}

export function listOf(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as Json];
}

/** Values as their text: numbers and booleans may stand for it. */
export function textsOf(value: Json | undefined): string[] {
  return listOf(value).map(String);
}

export function callerOf({ request }: Case): Principal {
  return typeof request.principal === "string" ? principalOf(request.principal) : request.principal;
}

/** Context keys by lower-cased name. */
export function contextOf({ request }: Case): Map<string, string | readonly string[]> {
  const context = new Map<string, string | readonly string[]>();
  for (const [key, value] of Object.entries(request.context ?? {})) {
    if (value === null) continue;
    context.set(key.toLowerCase(), typeof value === "object" ? value : String(value));
  }
  return context;
}

/** The caller that an ARN (or a service's name, or `*`) stands for. */
export function principalOf(text: string): Principal {
  const [, partition = "", service = "", , account = "", ...rest] = text.split(":");
  const name = rest.join(":");
  const [type = "", first = "", ...more] = name.split("/");
  if (text === "*" || text === "anonymous") return { type: "Anonymous" };
  if (!text.startsWith("arn:")) return { type: "Service", service: text };
  if (service === "sts" && type === "assumed-role") {
    const roleArn = `arn:${partition}:iam::${account}:role/${first}`;
    return {
      type: "RoleSession",
      account,
      arn: text,
      roleArn,
      pathUnknown: true,
      roleId: "-",
      sessionName: more.join("/"),
    };
  }
  if (service === "sts")
    return {
      type: "FederatedUser",
      account,
      arn: text,
      name: first,
      issuer: { type: "User", arn: "-", id: "-" },
    };
  if (name === "root") return { type: "Root", account, arn: text };
  if (type === "role") return { type: "RoleSession", account, arn: "-", roleArn: text, roleId: "-", sessionName: "-" };
  if (type === "oidc-provider") return { type: "WebIdentity", account, provider: text };
  if (type === "saml-provider") return { type: "SAML", account, provider: text };
  return { type: "User", account, arn: text, id: "-" }; // a group stands for its members (SimulatePrincipalPolicy)
}
