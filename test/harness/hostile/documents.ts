/** Policy documents: good ones, nearly good ones, and texts that only want to be parsed. */
import type { Random } from "../random.ts";
import { arnLike, dateLike, hostileText } from "./texts.ts";

const operators = [
  "StringEquals",
  "StringLike",
  "ForAllValues:StringLikeIfExists",
  "ForAnyValue:StringEquals",
  "ArnLike",
  "DateLessThan",
  "NumericGreaterThanEquals",
  "IpAddress",
  "Bool",
  "Null",
  "BinaryEquals",
  "ForAllValues:Null",
  "stringequals",
];
const keys = [
  "aws:PrincipalTag/a",
  "aws:SourceIp",
  "aws:CurrentTime",
  "aws:username",
  "sts:ExternalId",
  "iam:PolicyARN",
  "aws:TagKeys",
  "",
  "aws:",
];
const actions = [
  "*",
  "iam:*",
  "iam:Get*",
  "sts:AssumeRole",
  "sts:TagSession",
  "s3:GetObject",
  "iam",
  ":",
  "i?m:*",
  "IAM:getrole",
];

function maybe<T>(random: Random, plain: () => T): T | string {
  return random.chance(0.1) ? hostileText(random) : plain();
}

function principal(random: Random): unknown {
  return random.pick<() => unknown>([
    () => "*",
    () => ({ AWS: "111122223333" }),
    () => ({ AWS: random.list(0, 3, () => arnLike(random)) }),
    () => ({ AWS: "arn:aws:iam::111122223333:user/user-1" }),
    () => ({ Service: hostileText(random) }),
    () => ({ Federated: arnLike(random), CanonicalUser: "x" }),
    () => ({}),
    () => hostileText(random),
  ])();
}

function value(random: Random): unknown {
  return random.pick<() => unknown>([
    () => hostileText(random),
    () => dateLike(random),
    () => random.below(10),
    () => true,
    () => random.list(0, 4, () => hostileText(random)),
    () => "10.0.0.0/8",
    () => "::/129",
    () => null,
    () => [[]],
  ])();
}

function statement(random: Random, trust: boolean): unknown {
  const made: Record<string, unknown> = { Effect: maybe(random, () => random.pick(["Allow", "Deny"])) };
  made[random.chance(0.9) ? "Action" : "NotAction"] = maybe(random, () => random.pick(actions));
  if (trust !== random.chance(0.05)) made[random.chance(0.95) ? "Principal" : "NotPrincipal"] = principal(random);
  else made[random.chance(0.9) ? "Resource" : "NotResource"] = maybe(random, () => random.pick(["*", arnLike(random)]));
  if (random.chance(0.4)) {
    made["Condition"] = {
      [maybe(random, () => random.pick(operators))]: { [maybe(random, () => random.pick(keys))]: value(random) },
    };
  }
  if (random.chance(0.1)) made[hostileText(random).slice(0, 100)] = value(random);
  return made;
}

/** What JSON.stringify never writes. */
function broken(random: Random, text: string): string {
  return random.pick<() => string>([
    () => text.slice(0, random.below(text.length + 1)),
    () => text.replace('"Effect"', '"Effect":"Deny","Effect"'),
    () => text.replace("{", '{"__proto__":{"Statement":[]},'),
    () => `\ufeff${text}`,
    () => `${text}\0`,
    () => text.replace('"', '"\\u0000'),
    () => text.replace('"', '"\\ud800'),
    () => "[".repeat(random.pick([33, 2000, 60_000])),
    () => `${'{"a":'.repeat(random.pick([20, 5000]))}1`,
    () => text.replaceAll(",", ",,"),
    () => text.replaceAll('"', "'"),
    () => `${text}${text}`,
    () => text.padEnd(random.pick([2049, 6200, 131_073]), " "),
    () =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: Array.from({ length: 300 }, () => ({ Effect: "Allow", Action: "*", Resource: "*" })),
      }),
    () => text.replace(/\d+/, "1e999"),
    () => String(random.pick([null, 1, true, "[]", "{}", '""'])),
  ])();
}

export function policyText(random: Random): string {
  const trust = random.chance(0.4);
  if (random.chance(0.25)) {
    return trust
      ? '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}'
      : '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}';
  }
  const statements = random.list(0, 3, () => statement(random, trust));
  const text = JSON.stringify({
    Version: maybe(random, () => "2012-10-17"),
    ...(random.chance(0.1) ? { Id: hostileText(random) } : {}),
    Statement: random.chance(0.2) ? statements[0] : statements,
  });
  return random.chance(0.25) ? broken(random, text) : text;
}
