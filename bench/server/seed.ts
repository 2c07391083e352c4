/** A world to measure in, written into the store directly: 100,000 requests of CreateRole would take minutes. */
import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { iamArn } from "../../src/arn/arn.ts";
import { createIds } from "../../src/clock/ids.ts";
import { SystemRandom } from "../../src/clock/random.ts";
import type { SigningCredentials } from "../../src/sigv4/sign.ts";
import * as attachments from "../../src/store/iam/attachments.ts";
import type { Database, Tx } from "../../src/store/sql/database.ts";
import * as oidcProviders from "../../src/store/iam/oidc-providers.ts";
import * as policies from "../../src/store/iam/policies.ts";
import * as roles from "../../src/store/iam/roles.ts";
import { openServer } from "./open.ts";
import type { Place } from "./open.ts";

/** Whose tokens the account trusts. */
export interface Issuer {
  readonly url: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
}

export interface World {
  readonly place: Place;
  readonly account: string;
  readonly administrator: SigningCredentials;
  readonly issuer: Issuer;
  /** How many roles `role-0`, `role-1` … there are beside the named ones. */
  readonly roles: number;
  remove(): void;
}

/** The role that has ten policies attached; one of them allows what the benches do. */
export const readerRole = "reader";
/** The role that tokens of the issuer are shown for. */
export const federatedRole = "federated";
/** The issuer's URL without its scheme: a job of GitHub Actions. Its keys are given, so that it need not be there. */
const issuerName = "token.actions.githubusercontent.com";
/** The role of a service that asks rolecall:Authorize. */
export const serviceRole = "objects-service";

const ids = createIds(new SystemRandom());
const batch = 1000;

/** @param database URL of an empty PostgreSQL database, instead of SQLite */
export async function makeWorld(count: number, postgresql?: string): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), "rolecall-bench-"));
  const place: Place = postgresql === undefined ? { directory } : { directory, postgresql };
  const server = await openServer(place);
  const { accountId: account, accessKeyId, secretAccessKey } = server.created[0]!;
  const { database } = server.environment();
  await database.write((tx) => namedRoles(tx, account));
  const issuer = await database.write((tx) => makeIssuer(tx, account));
  await manyRoles(database, account, count);
  await server.close(0);
  return {
    place,
    account,
    administrator: { accessKeyId, secretAccessKey },
    issuer,
    roles: count,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export function roleName(index: number): string {
  return `role-${index}`;
}

/** What AssumeRole must bring along for a role: every trust policy is a text of its own. */
export function externalId(index: number): string {
  return `external-${index}`;
}

export function trustPolicy(account: string, external?: string): string {
  const condition = external === undefined ? {} : { Condition: { StringEquals: { "sts:ExternalId": external } } };
  return document({
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: "sts:AssumeRole",
    ...condition,
  });
}

async function manyRoles(database: Database, account: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    await database.write(async (tx) => {
      for (let index = from; index < Math.min(count, from + batch); index++) {
        const role = await makeRole(tx, account, roleName(index), externalId(index));
        await attachments.attach(tx, role, readerPolicy(account, index % readerPolicies));
      }
    });
  }
}

const readerPolicies = 10;

async function namedRoles(tx: Tx, account: string): Promise<void> {
  const reader = await makeRole(tx, account, readerRole);
  for (let index = 0; index < readerPolicies; index++) {
    const arn = await makePolicy(tx, account, `reader-${index}`, readerStatements(account, index));
    await attachments.attach(tx, reader, arn);
  }
  const service = await makeRole(tx, account, serviceRole);
  const ask = { Effect: "Allow", Action: "rolecall:Authorize", Resource: "*" };
  await attachments.attach(tx, service, await makePolicy(tx, account, "ask", [ask]));
}

async function makeIssuer(tx: Tx, account: string): Promise<Issuer> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = "bench";
  await oidcProviders.create(tx, {
    id: ids.uuid(),
    account,
    name: issuerName,
    path: "/",
    createdAt: Date.now(),
    clientIds: ["sts.amazonaws.com"],
    thumbprints: [],
    issuerKeys: JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid, use: "sig" }] }),
    tags: [],
  });
  await roles.create(tx, {
    id: ids.uniqueId("AROA", account),
    account,
    name: federatedRole,
    path: "/",
    maxSessionDuration: 3600,
    trustPolicy: document({
      Effect: "Allow",
      Principal: { Federated: iamArn("aws", account, "oidc-provider", issuerName) },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: { [`${issuerName}:aud`]: "sts.amazonaws.com" },
        StringLike: { [`${issuerName}:sub`]: "repo:octo-org/*" },
      },
    }),
    trustBindings: {},
    createdAt: Date.now(),
  });
  return { url: `https://${issuerName}`, kid, privateKey };
}

/** Five statements, the last of the last policy being the one that allows iam:GetRole. */
function readerStatements(account: string, index: number): object[] {
  const statements: object[] = ["s3", "sqs", "dynamodb", "ec2"].map((service) => ({
    Effect: "Allow",
    Action: [`${service}:Get*`, `${service}:List*`, `${service}:Describe*`],
    Resource: [`arn:aws:${service}:*:${account}:team-${index}/*`, `arn:aws:${service}:::team-${index}-*`],
    Condition: { Bool: { "aws:SecureTransport": "true" } },
  }));
  statements.push(
    index === readerPolicies - 1
      ? { Effect: "Allow", Action: ["iam:GetRole", "iam:ListRoles"], Resource: `arn:aws:iam::${account}:role/*` }
      : { Effect: "Allow", Action: ["objects:Get*"], Resource: `arn:aws:objects:::team-${index}/*` },
  );
  return statements;
}

async function makeRole(tx: Tx, account: string, name: string, external?: string) {
  return roles.create(tx, {
    id: ids.uniqueId("AROA", account),
    account,
    name,
    path: "/",
    maxSessionDuration: 3600,
    trustPolicy: trustPolicy(account, external),
    // An account is trusted by its number: there is no unique id to bind.
    trustBindings: {},
    createdAt: Date.now(),
  });
}

async function makePolicy(tx: Tx, account: string, name: string, statements: readonly object[]): Promise<string> {
  const arn = readerPolicyArn(account, name);
  await policies.create(tx, {
    id: ids.uniqueId("ANPA", account),
    account,
    arn,
    name,
    path: "/",
    createdAt: Date.now(),
    document: document(...statements),
  });
  return arn;
}

function readerPolicy(account: string, index: number): string {
  return readerPolicyArn(account, `reader-${index}`);
}

function readerPolicyArn(account: string, name: string): string {
  return iamArn("aws", account, "policy", name, "/");
}

function document(...statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
