import type { JsonNode, JsonObject } from "../../json/read.ts";
import type { Checks } from "../checks.ts";
import { IssuerFailure } from "./issuer-failure.ts";
import type { IssuerFetch } from "./issuer-fetch.ts";
import { memberOf } from "./json-members.ts";
import {
  notFromAmazon,
  rejectedClaim,
  tokenExpired,
  unreachableProvider,
  unrecognizedProvider,
} from "./token-faults.ts";

/** What a provider says of a token. */
export interface Introspected {
  /** The application that it was given to. */
  readonly app: string;
  readonly user: string;
  /** Condition keys, without the provider's name (Service Authorization Reference for STS). */
  readonly keys: Readonly<Record<string, string>>;
}

interface Answer extends Introspected {
  /** When the token ends, in seconds since the epoch; undefined where it does not. */
  readonly end: number | undefined;
}

interface OpaqueProvider {
  /** The parameter of the endpoint that the token is. */
  readonly parameter: string;
  readonly isToken: (text: string) => boolean;
  /** Null where it says that the token is none. @param now in seconds since the epoch */
  readonly read: (answer: JsonObject, now: number) => Answer | null;
}

/** Both are of the 2010s and have no ID tokens. */
const providers = {
  // Login with Amazon, "Obtain Customer Profile Information", tokeninfo.
  "www.amazon.com": {
    parameter: "access_token",
    isToken: (text) => text.startsWith("Atza|"),
    read(answer, now) {
      const [app, user, left] = ["app_id", "user_id", "exp"].map((name) => textOf(memberOf(answer, name)));
      if (app === undefined || user === undefined || left === undefined || !/^-?\d{1,12}$/.test(left)) return null;
      return { app, user, end: now + Number(left), keys: { app_id: app, user_id: user, sub: user } };
    },
  },
  // Graph API, debug_token.
  "graph.facebook.com": {
    parameter: "input_token",
    isToken: () => true,
    read(answer) {
      const data = memberOf(answer, "data");
      if (data?.kind !== "object") return null;
      const valid = memberOf(data, "is_valid");
      const [app, user, end = "0"] = ["app_id", "user_id", "expires_at"].map((name) => textOf(memberOf(data, name)));
      const isOne = valid?.kind === "boolean" && valid.value && /^\d{1,12}$/.test(end);
      if (!isOne || app === undefined || user === undefined) return null;
      return { app, user, end: end === "0" ? undefined : Number(end), keys: { app_id: app, id: user } };
    },
  },
} as const satisfies Readonly<Record<string, OpaqueProvider>>;

export type OpaqueProviderName = keyof typeof providers;

/** A text, or a whole number as it is written. */
function textOf(node: JsonNode | undefined): string | undefined {
  if (node?.kind === "string") return node.value === "" ? undefined : node.value;
  return node?.kind === "number" && /^-?\d+$/.test(node.text) ? node.text : undefined;
}

/** Where each is asked; one that is not named is not asked. */
export type IntrospectionEndpoints = Readonly<Partial<Record<OpaqueProviderName, string>>>;

/**
 * Tokens that say nothing by themselves: the provider is asked about each. It alone is told of it, over a connection of the
 * kind that issuers are asked by.
 */
export class OpaqueTokens {
  readonly #fetch: IssuerFetch;
  readonly #endpoints: IntrospectionEndpoints;

  constructor(fetch: IssuerFetch, endpoints: IntrospectionEndpoints) {
    this.#fetch = fetch;
    this.#endpoints = endpoints;
  }

  /**
   * @param name as the call gives it @param now milliseconds since the epoch
   * @throws Fault AccessDenied, InvalidIdentityToken, ExpiredTokenException, IDPRejectedClaim, IDPCommunicationError
   */
  async introspect(name: string, token: string, account: string, now: number, checks: Checks): Promise<Introspected> {
    const known = Object.keys(providers).join(", ");
    const provider = { name: "provider", wanted: `${known}; or no ProviderId where the token is a JWT`, seen: name };
    if (!isKnown(name)) checks.refuse(provider, unrecognizedProvider());
    checks.note(provider);
    const row: OpaqueProvider = providers[name];
    checks.require(row.isToken(token), { name: "form", wanted: `an access token of ${name}` }, notFromAmazon);
    const seconds = Math.floor(now / 1000);
    const answer = row.read(await this.#ask(name, row.parameter, token, account, checks), seconds);
    if (answer === null) checks.refuse({ name: "introspection", wanted: "a token that is valid" }, rejectedClaim());
    const { app, user, keys, end = Number.MAX_SAFE_INTEGER } = answer;
    const time = { name: "exp", wanted: `after ${seconds}`, seen: String(end) };
    checks.require(end > seconds, time, () => tokenExpired(seconds, end));
    return { app, user, keys };
  }

  async #ask(
    name: OpaqueProviderName,
    parameter: string,
    token: string,
    account: string,
    checks: Checks,
  ): Promise<JsonObject> {
    const endpoint = this.#endpoints[name];
    if (endpoint === undefined) {
      const question = { name: "introspection", wanted: "where to ask about the token", seen: "no setting for it" };
      checks.refuse({ ...question, advice: settings[name] }, unreachableProvider());
    }
    const url = new URL(endpoint);
    url.searchParams.set(parameter, token);
    try {
      return (await this.#fetch.documentAt(url, account)).json;
    } catch (error) {
      if (!(error instanceof IssuerFailure)) throw error;
      // Its own words may repeat the address, and so the token.
      const seen = error.status === undefined ? error.kind : `the answer ${error.status}`;
      const question = { name: "introspection", wanted: `the answer 200 of ${url.host}`, seen };
      return checks.refuse(question, isRefusal(error) ? rejectedClaim() : unreachableProvider());
    }
  }
}

/** An answer that is about the token, and no failure of the provider's. */
function isRefusal({ kind, status = 0 }: IssuerFailure): boolean {
  return kind === "answer" && status >= 400 && status < 500;
}

const settings: Readonly<Record<OpaqueProviderName, string>> = {
  "www.amazon.com": "--introspection-amazon https://api.amazon.com/auth/o2/tokeninfo",
  "graph.facebook.com": "--introspection-facebook 'https://graph.facebook.com/debug_token?access_token=APP|SECRET'",
};

function isKnown(name: string): name is OpaqueProviderName {
  return Object.hasOwn(providers, name);
}
