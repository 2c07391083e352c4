/**
 * Policies and requests made for each other: every kind of comparison, quantifier, variable, principal, action and
 * resource, each as large as rolecall:Authorize takes them. What one costs is the policy's part times the request's times
 * a hundred resources.
 */

/** Characters of a resource policy, and of all context values together (contracts/rolecall/contract.ts). */
const policyLength = 32_768;
const contextLength = 32_000;

export const resourceCount = 100;

export interface HostileRow {
  readonly name: string;
  readonly policy: string;
  /** Values of the one context key that the policies speak of. */
  readonly values: readonly string[];
  /** Value of the key that variables stand for. */
  readonly variable?: string;
  /** Whether it is so much that nothing is decided. */
  readonly givenUp: boolean;
}

const everybody = '"Principal":"*","Action":"*","Resource":"*"';

/** A document of one statement whose condition has as many values as there is room for. */
function valuesOf(operator: string, valueOf: (index: number) => string): string {
  const head = `{"Version":"2012-10-17","Statement":{"Effect":"Deny",${everybody},"Condition":{"${operator}":{"svc:key":[`;
  return filled(head, (index) => JSON.stringify(valueOf(index)), "]}}}}");
}

/** A document of as many statements as there is room for. */
function statementsOf(statementOf: (index: number) => string): string {
  return filled('{"Version":"2012-10-17","Statement":[', statementOf, "]}");
}

/** One clause for each statement, so that the request's values are read anew for each. */
function clausesOf(operator: string, value: string): string {
  return statementsOf(() => `{"Effect":"Deny",${everybody},"Condition":{"${operator}":{"svc:key":"${value}"}}}`);
}

function filled(head: string, partOf: (index: number) => string, tail: string): string {
  const parts: string[] = [];
  let length = head.length + tail.length;
  for (let index = 0; ; index++) {
    const part = partOf(index);
    length += part.length + 1;
    if (length > policyLength) return head + parts.join(",") + tail;
    parts.push(part);
  }
}

/** As many as the context holds, a hundred at most. */
function times(text: string): readonly string[] {
  return Array.from({ length: Math.min(100, Math.floor(contextLength / text.length)) }, () => text);
}

function as(count: number): string {
  return "a".repeat(count);
}

const anyAs = times(as(320));
const date = "2001-01-01T00:00:00.00000000000000+01:00";
const address = "1111:1111:1111:1111:1111:1111:1111:1111";
const cyrillic = "\u0410".repeat(320);

type Compared = readonly [
  name: string,
  policy: string,
  values: readonly string[],
  givenUp?: boolean,
  variable?: string,
];

const rows: readonly Compared[] = [
  ["empty texts", valuesOf("ForAnyValue:StringEquals", () => ""), anyAs],
  ["texts of one length", valuesOf("ForAnyValue:StringEquals", (index) => as(316) + (1000 + index)), anyAs],
  ["texts for all values", valuesOf("ForAllValues:StringNotEquals", () => "b"), anyAs],
  ["texts in any case", valuesOf("ForAnyValue:StringEqualsIgnoreCase", () => "b"), times(cyrillic)],
  ["texts in any case, read again and again", clausesOf("ForAnyValue:StringEqualsIgnoreCase", "b"), times(cyrillic)],
  ["numbers", valuesOf("ForAnyValue:NumericLessThan", () => "-1"), times("1".repeat(128))],
  ["numbers, read again and again", clausesOf("ForAnyValue:NumericLessThan", "-1"), times("1".repeat(128))],
  ["numbers that are too long", valuesOf("ForAnyValue:NumericEquals", () => "1"), times("1".repeat(4000)), false],
  ["dates", valuesOf("ForAnyValue:DateEquals", () => "2000"), times(date)],
  ["dates, read again and again", clausesOf("ForAnyValue:DateEquals", "2000"), times(date)],
  ["dates that are none", valuesOf("ForAnyValue:DateEquals", () => "2000"), times("1".repeat(4000)), false],
  ["truths", valuesOf("ForAnyValue:Bool", () => "no"), times("true")],
  ["bytes", valuesOf("ForAnyValue:BinaryEquals", () => "QUI="), times(`${as(319)}=`)],
  ["bytes, read again and again", clausesOf("ForAnyValue:BinaryEquals", "QUI="), times(`${as(319)}=`)],
  ["addresses", valuesOf("ForAnyValue:IpAddress", () => "1::1"), times(address)],
  ["addresses, read again and again", clausesOf("ForAnyValue:NotIpAddress", "1::1"), times(address)],
  ["addresses that are none", valuesOf("ForAnyValue:IpAddress", () => "1::1"), times(":".repeat(4000)), false],
  ["ARNs", valuesOf("ForAnyValue:ArnLike", () => "a*:a*:a*:a*:a*:b"), times(`a:a:a:a:a:${as(300)}`)],
  ["ARNs, read again and again", clausesOf("ForAnyValue:ArnLike", "arn:aws:a:::b"), times(`arn:aws:a:::${as(300)}`)],
  ["prefixes", valuesOf("ForAnyValue:StringLike", (index) => `${as(100)}${index}*`), anyAs],
  ["short texts between stars", valuesOf("ForAnyValue:StringLike", () => "*aaaab*"), anyAs],
  ["long texts between stars", valuesOf("ForAnyValue:StringLike", () => `*${as(29)}b*`), anyAs],
  ["question marks between stars", valuesOf("ForAnyValue:StringLike", () => `*${"a?".repeat(15)}b*`), anyAs],
  ["more of them than 32", valuesOf("ForAnyValue:StringLike", () => `*${"a?".repeat(20)}b*`), anyAs],
  ["as many characters as there are", valuesOf("ForAnyValue:StringLike", distinct), anyAs],
  ["nothing but stars and question marks", valuesOf("ForAnyValue:StringLike", () => "*?".repeat(100)), anyAs, false],
  ["question marks alone", valuesOf("ForAnyValue:StringLike", () => `${"a?".repeat(159)}ab`), anyAs],
  ["variables", valuesOf("ForAnyValue:StringLike", () => "${svc:v}".repeat(10)), anyAs, true, as(700)],
  ["variables that are texts", valuesOf("ForAnyValue:StringEquals", () => "${svc:v}".repeat(10)), anyAs, true, as(31)],
  ["variables with stars", valuesOf("ForAnyValue:StringLike", () => `\${svc:v}${"*?".repeat(20)}`), anyAs, true, "b"],
  ["variables in ARNs", valuesOf("ForAnyValue:ArnLike", () => "${svc:v}:a:a:a:a:*"), times("a:a:a:a:a:b"), true, "b"],
  [
    "absent keys",
    statementsOf(() => `{"Effect":"Deny",${everybody},"Condition":{"Null":{"svc:no":"false"}}}`),
    [],
    false,
  ],
  ["denials", statementsOf(() => `{"Effect":"Deny",${everybody}}`), [], false],
  ["approvals", statementsOf(() => `{"Effect":"Allow",${everybody}}`), [], false],
  [
    "NotActions",
    statementsOf(() => '{"Effect":"Deny","Principal":"*","NotAction":"x:y","Resource":"arn:aws:svc:::b*c"}'),
    [],
    false,
  ],
  [
    "sessions",
    statementsOf(() => `{"Effect":"Deny","Principal":{"AWS":"AROAAAAAAAAAAAAAAAAAA:x"},"Action":"*","Resource":"*"}`),
    [],
    false,
  ],
  [
    "resources",
    statementsOf(() => `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:svc:::*a?a?b*"}`),
    [],
    true,
  ],
  [
    "resources of variables",
    statementsOf(() => '{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:svc:::${svc:v}*?*?"}'),
    [],
    true,
    as(3000),
  ],
];

function distinct(index: number): string {
  return `*${Array.from({ length: 250 }, (_, place) => String.fromCharCode(0x4e00 + index + place)).join("")}*`;
}

export const hostileRows: readonly HostileRow[] = rows.map(([name, policy, values, givenUp = true, variable]) => ({
  name,
  policy,
  values,
  givenUp,
  ...(variable === undefined ? {} : { variable }),
}));
