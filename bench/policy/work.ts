/**
 * The work that is measured: policies, and 2,000 different requests of which about half are denied. Policies are kept as
 * statements beside the engine's compiled ones, so that peers are given the very same.
 */
import { compile, contextOf } from "../../src/policy/index.ts";
import type { CompiledPolicy, Policies, PolicyKind, Principal, Request } from "../../src/policy/index.ts";

export const account = "111122223333";
export const requestCount = 2000;

const principal = {
  type: "RoleSession",
  account,
  arn: `arn:aws:sts::${account}:assumed-role/app/job`,
  roleArn: `arn:aws:iam::${account}:role/app`,
  roleId: "AROAAAAAAAAAAAAAAAAA2",
  sessionName: "job",
} as const satisfies Principal;

export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | { readonly AWS: string };
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  /** Values by key by operator. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export type Document = readonly Statement[];

/** The documents of each layer; `scps` is a document a level, from the organization's root to the account. */
export interface Documents {
  readonly identity: readonly Document[];
  readonly resource?: Document;
  readonly boundary?: Document;
  readonly session?: Document;
  readonly scps?: readonly Document[];
}

export type ContextValues = Readonly<Record<string, string | boolean>>;

/** A request, with the values of its context as they were before the engine prepared them. */
export interface Asked {
  readonly request: Request;
  readonly values: ContextValues;
}

export interface Work {
  readonly name: string;
  readonly documents: Documents;
  readonly policies: Policies;
  readonly asked: readonly Asked[];
}

export function textOf(document: Document): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: document });
}

export function allow(
  action: string | readonly string[],
  resource: string | readonly string[],
  condition?: Statement["Condition"],
): Statement {
  return {
    Effect: "Allow",
    Action: [action].flat(),
    Resource: [resource].flat(),
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

function valuesFor(index: number): ContextValues {
  return {
    "aws:SourceIp": `10.1.${index % 256}.7`,
    "aws:PrincipalArn": principal.arn,
    "aws:CurrentTime": "2026-06-01T12:00:00Z",
    "aws:SecureTransport": true,
    "aws:MultiFactorAuthPresent": true,
    "aws:username": `user${index % 10}`,
  };
}

export function requestFor(index: number, action: string, resource: string): Asked {
  const values = valuesFor(index);
  return { request: { principal, action, resource, resourceAccount: account, context: contextOf(values) }, values };
}

function requests(of: (index: number) => readonly [action: string, resource: string]): Asked[] {
  return Array.from({ length: requestCount }, (_, index) => requestFor(index, ...of(index)));
}

function work(name: string, documents: Documents, asked: readonly Asked[]): Work {
  const compiled = (document: Document, kind: PolicyKind, id: string): CompiledPolicy =>
    compile(textOf(document), kind, { id: `${name}-${id}` });
  const { identity, resource, boundary, session, scps } = documents;
  const policies: Policies = {
    identity: identity.map((document, index) => compiled(document, "identity", `${index}`)),
    resource: resource === undefined ? null : compiled(resource, "resource", "resource"),
    boundaries: boundary === undefined ? null : [compiled(boundary, "boundary", "boundary")],
    session: session === undefined ? null : [compiled(session, "session", "session")],
    scps: scps === undefined ? null : scps.map((document, index) => [compiled(document, "scp", `scp-${index}`)]),
  };
  return { name, documents, policies, asked };
}

/** One small policy. */
function w1(): Work {
  const document = [
    allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::data/*"),
    allow("s3:ListBucket", "arn:aws:s3:::data"),
    allow("sqs:*", "arn:aws:sqs:*:*:jobs-*", { Bool: { "aws:SecureTransport": ["true"] } }),
  ];
  const asked = requests((index) => {
    const kinds: readonly (readonly [string, string])[] = [
      ["s3:GetObject", `arn:aws:s3:::data/key-${index}`],
      ["s3:GetObject", `arn:aws:s3:::other/key-${index}`],
      ["sqs:SendMessage", `arn:aws:sqs:eu-west-1:${account}:jobs-${index}`],
      ["s3:DeleteObject", `arn:aws:s3:::data/key-${index}`],
    ];
    return kinds[index % kinds.length]!;
  });
  return work("W1", { identity: [document] }, asked);
}

function twentyStatements(number: number, condition?: Statement["Condition"]): Document {
  return Array.from({ length: 20 }, (_, service) =>
    allow(
      [`svc${service}:Get${number}*`, `svc${service}:Put${number}`],
      [`arn:aws:svc${service}:*:*:thing/p${number}/*`, `arn:aws:svc${service}:::other`],
      condition,
    ),
  );
}

function tenDocuments(of: (number: number) => Document): Document[] {
  return Array.from({ length: 10 }, (_, number) => of(number));
}

function twentyServices(): Asked[] {
  return requests((index) => {
    const service = index % 20;
    const number = Math.floor(index / 20) % 10;
    const action = index % 4 < 2 ? `svc${service}:Get${number}Item` : `svc${service}:Put${number}`;
    return [action, `arn:aws:svc${service}:eu-west-1:${account}:thing/p${index % 2 === 0 ? number : "x"}/${index}`];
  });
}

/** Ten policies of twenty statements. */
function w2(): Work {
  return work("W2", { identity: tenDocuments((number) => twentyStatements(number)) }, twentyServices());
}

/** Ten policies with 10,000 action patterns in all: the shape and size of ReadOnlyAccess. */
export function w3(): Work {
  const thousandActions = (number: number): string[] =>
    Array.from({ length: 1000 }, (_, index) => {
      const service = `svc${number * 25 + (index % 25)}`;
      if (index % 4 === 0) return `${service}:Describe${index}*`;
      return index % 4 === 1 ? `${service}:List${index}*` : `${service}:Get${index}`;
    });
  const asked = requests((index) => {
    const number = index % 10;
    const pattern = (index * 7) % 1000;
    const service = `svc${number * 25 + (pattern % 25)}`;
    const verb =
      pattern % 4 === 0 ? `Describe${pattern}Things` : pattern % 4 === 1 ? `List${pattern}Things` : `Get${pattern}`;
    return [
      index % 20 < 10 ? `${service}:${verb}` : `${service}:Delete${pattern}`,
      `arn:aws:${service}:eu-west-1:${account}:thing/${index}`,
    ];
  });
  return work("W3", { identity: tenDocuments((number) => [allow(thousandActions(number), "*")]) }, asked);
}

/** W2 with every other layer and conditions. */
function w4(): Work {
  const conditions = {
    IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "192.168.0.0/16"] },
    DateGreaterThan: { "aws:CurrentTime": ["2026-01-01T00:00:00Z"] },
  };
  const everything = [allow("*", "*")];
  const guarded: Document = [
    allow("*", "*"),
    {
      Effect: "Deny",
      Action: ["svc0:Delete*"],
      Resource: ["*"],
      Condition: { StringNotLike: { "aws:PrincipalArn": ["*admin*"] } },
    },
  ];
  const resource: Document = [
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::444455556666:root" }, Action: ["svc1:*"], Resource: ["*"] },
    {
      Effect: "Deny",
      Principal: "*",
      Action: ["*"],
      Resource: ["*"],
      Condition: { Bool: { "aws:SecureTransport": ["false"] } },
    },
  ];
  const documents: Documents = {
    identity: tenDocuments((number) => twentyStatements(number, conditions)),
    resource,
    boundary: [allow("svc*:*", "*", { Bool: { "aws:MultiFactorAuthPresent": ["true"] } })],
    session: [allow(["*:Get*", "*:Put*"], "arn:aws:*:*:*:thing/*")],
    scps: [everything, guarded, guarded],
  };
  return work("W4", documents, twentyServices());
}

export function allWork(): readonly [Work, Work, Work, Work] {
  return [w1(), w2(), w3(), w4()];
}
