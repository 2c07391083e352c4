import { isIP } from "node:net";
import { resolve } from "node:path";
import { isAccountId } from "../arn/arn.ts";
import type { PrivateIssuer } from "../federation/oidc/private-issuers.ts";
import type { JsonNode } from "../json/read.ts";

/** A kind of value, and how it is read from a flag or an environment variable (text) and from the file (JSON). */
export interface Kind<T> {
  /** What a value is, after "is not": `a whole number from 0 to 65535`. */
  readonly expects: string;
  /** How help shows the value: `NUMBER`; null for a flag that stands alone. */
  readonly placeholder: string | null;
  /** Undefined where the text is no such value. @param base the directory that relative paths start from */
  fromText(text: string, base: string): T | undefined;
  fromJson(node: JsonNode, base: string): T | undefined;
}

/** A kind that the file writes as a JSON string of the same form as the flag's text. */
function ofText<T>(
  expects: string,
  placeholder: string,
  fromText: (text: string, base: string) => T | undefined,
): Kind<T> {
  return {
    expects,
    placeholder,
    fromText,
    fromJson: (node, base) => (node.kind === "string" ? fromText(node.value, base) : undefined),
  };
}

export function integer(min: number, max: number): Kind<number> {
  const inRange = (text: string): number | undefined => {
    if (!/^\d{1,15}$/.test(text)) return undefined;
    const value = Number(text);
    return value >= min && value <= max ? value : undefined;
  };
  return {
    expects: `a whole number from ${min} to ${max}`,
    placeholder: "NUMBER",
    fromText: inRange,
    fromJson: (node) => (node.kind === "number" ? inRange(node.text) : undefined),
  };
}

export const flag: Kind<boolean> = {
  expects: "true or false",
  placeholder: null,
  fromText: (text) => {
    if (text === "true" || text === "1") return true;
    return text === "false" || text === "0" ? false : undefined;
  },
  fromJson: (node) => (node.kind === "boolean" ? node.value : undefined),
};

export function choice<const C extends string>(choices: readonly C[]): Kind<C> {
  return ofText(`one of ${choices.join(", ")}`, choices.join("|"), (text) =>
    choices.find((candidate) => candidate === text),
  );
}

/** @param form the whole text must match it */
export function matching(form: RegExp, expects: string, placeholder: string): Kind<string> {
  return ofText(expects, placeholder, (text) => (form.test(text) ? text : undefined));
}

export const accountId: Kind<string> = ofText("an account id of twelve digits", "ACCOUNT", (text) =>
  isAccountId(text) ? text : undefined,
);

const hostName =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

export const host: Kind<string> = ofText("a host name or IP address without port", "HOST", (text) => {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (isIP(bare) !== 0) return bare;
  // Digits and dots that are no address are a slip, never a name.
  return hostName.test(text) && !/^[\d.]+$/.test(text) ? text : undefined;
});

/** Absolute afterwards: a path in a file starts at the file's directory, any other at the working directory. */
export const path: Kind<string> = ofText("a path", "PATH", (text, base) =>
  text === "" || text.includes("\0") ? undefined : resolve(base, text),
);

export const postgresqlUrl: Kind<string> = ofText(
  "a PostgreSQL URL (postgresql://user:password@host:5432/database; in a password @ is written %40, : %3A, / %2F, # %23)",
  "URL",
  (text) => {
    if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) return undefined;
    return new URL(text).pathname.length > 1 ? text : undefined;
  },
);

const longestWebUrl = 512;

/** Kept as it is written: a fragment is added to it. */
export const webUrl: Kind<string> = ofText(
  `an http or https URL of up to ${longestWebUrl} characters, without user, query or fragment`,
  "URL",
  (text) => {
    if (text.length > longestWebUrl || !/^https?:\/\/[!-~]+$/.test(text) || !URL.canParse(text)) return undefined;
    const { username, password } = new URL(text);
    return username === "" && password === "" && !/[?#]/.test(text) ? text : undefined;
  },
);

/** With a query, which may be a secret. */
export const httpsUrl: Kind<string> = ofText(
  `an https URL of up to ${longestWebUrl} characters, without user or fragment`,
  "URL",
  (text) => {
    if (text.length > longestWebUrl || !/^https:\/\/[!-~]+$/.test(text) || !URL.canParse(text)) return undefined;
    const { username, password } = new URL(text);
    return username === "" && password === "" && !text.includes("#") ? text : undefined;
  },
);

/** An account that is made at start when it is missing. */
export interface NamedAccount {
  readonly id: string;
  readonly name: string;
}

const accountName = /^[\u0020-\u007E]{1,50}$/;

/** `ID=NAME,ID=NAME` as text; in the file a list of objects. */
export const namedAccounts: Kind<readonly NamedAccount[]> = {
  expects: "a list of accounts with distinct twelve-digit ids and names of up to 50 ASCII characters",
  placeholder: "ID=NAME,…",
  fromText: (text) =>
    distinct(
      text.split(",").map((part) => {
        const [id = "", ...name] = part.trim().split("=");
        return account(id, name.join("="));
      }),
    ),
  fromJson: (node) => (node.kind === "array" ? distinct(node.items.map(accountOfNode)) : undefined),
};

function accountOfNode(node: JsonNode): NamedAccount | undefined {
  if (node.kind !== "object" || node.members.length !== 2) return undefined;
  const values = new Map(
    node.members.map(({ key, value }) => [key.value, value.kind === "string" ? value.value : undefined]),
  );
  return account(values.get("id") ?? "", values.get("name") ?? "");
}

function account(id: string, name: string): NamedAccount | undefined {
  return isAccountId(id) && accountName.test(name) ? { id, name } : undefined;
}

function distinct(accounts: readonly (NamedAccount | undefined)[]): readonly NamedAccount[] | undefined {
  const good = accounts.filter((candidate) => candidate !== undefined);
  const ids = new Set(good.map(({ id }) => id));
  return ids.size === accounts.length ? good : undefined;
}

/** `ID,ID` as text; in the file a list of strings. */
export const accountIds: Kind<readonly string[]> = {
  expects: "a list of account ids of twelve digits each",
  placeholder: "ID,…",
  fromText: (text) => allAccountIds(text.split(",").map((part) => part.trim())),
  fromJson: (node) =>
    node.kind === "array"
      ? allAccountIds(node.items.map((item) => (item.kind === "string" ? item.value : "")))
      : undefined,
};

function allAccountIds(ids: readonly string[]): readonly string[] | undefined {
  return ids.every(isAccountId) ? ids : undefined;
}

/** `NAME,NAME` as text; in the file a list of strings. */
export const domainNames: Kind<readonly string[]> = {
  expects: "a list of domain names in lower case with a dot each",
  placeholder: "NAME,…",
  fromText: (text) => allDomainNames(text.split(",").map((part) => part.trim())),
  fromJson: (node) =>
    node.kind === "array"
      ? allDomainNames(node.items.map((item) => (item.kind === "string" ? item.value : "")))
      : undefined,
};

/** `URI,URI` as text; in the file a list of strings. */
export const uris: Kind<readonly string[]> = {
  expects: "a list of URIs without commas and spaces, such as urn:example:rolecall",
  placeholder: "URI,…",
  fromText: (text) => allUris(text.split(",").map((part) => part.trim())),
  fromJson: (node) =>
    node.kind === "array" ? allUris(node.items.map((item) => (item.kind === "string" ? item.value : ""))) : undefined,
};

const uri = /^[A-Za-z][A-Za-z0-9+.-]*:[!-+\--~]{1,1000}$/;

function allUris(values: readonly string[]): readonly string[] | undefined {
  return values.every((value) => uri.test(value)) ? values : undefined;
}

const domainName = /^(?=.{3,255}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

function allDomainNames(names: readonly string[]): readonly string[] | undefined {
  return names.every((name) => domainName.test(name)) ? names : undefined;
}

/** `HOST[:PORT],…` as text; in the file a list of strings. An address of version 6 stands in brackets before a port. */
export const privateIssuers: Kind<readonly PrivateIssuer[]> = {
  expects: "a list of hosts, each a name or an address, with or without a port",
  placeholder: "HOST[:PORT],…",
  fromText: (text) => allPrivateIssuers(text.split(",").map((part) => part.trim())),
  fromJson: (node) =>
    node.kind === "array"
      ? allPrivateIssuers(node.items.map((item) => (item.kind === "string" ? item.value : "")))
      : undefined,
};

function allPrivateIssuers(texts: readonly string[]): readonly PrivateIssuer[] | undefined {
  const issuers = texts.map(privateIssuer);
  const good = issuers.filter((issuer) => issuer !== undefined);
  return good.length === issuers.length ? good : undefined;
}

function privateIssuer(text: string): PrivateIssuer | undefined {
  if (isIP(text) === 6) return { host: new URL(`http://[${text}]`).hostname.slice(1, -1), port: null };
  const [, named = text, digits] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  const name = host.fromText(named, "");
  const port = digits === undefined ? null : Number(digits);
  if (name === undefined || (port !== null && (port < 1 || port > 65_535))) return undefined;
  // As a URL has it, which is what it is compared with.
  return {
    host: new URL(`http://${isIP(name) === 6 ? `[${name}]` : name}`).hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
  };
}
