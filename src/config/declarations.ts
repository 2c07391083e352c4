import { partitions } from "../arn/partition.ts";
import { defaultKeeping } from "../trail/keeping.ts";
import { defaultQuotas } from "../operation/quotas.ts";
import type { Declaration } from "./declaration.ts";
import { optionalSetting, setting } from "./declaration.ts";
import {
  accountId,
  accountIds,
  choice,
  domainNames,
  flag,
  host,
  httpsUrl,
  integer,
  matching,
  namedAccounts,
  path,
  postgresqlUrl,
  privateIssuers,
  uris,
  webUrl,
} from "./kind.ts";

/** More than any disk has. */
const bytes = integer(0, 100_000_000_000_000);

/** Every setting, in the order that help and documentation show them. */
export const declarations = {
  host: setting("host", host, "127.0.0.1", {
    describe: "Address to listen on. Beyond loopback, use TLS.",
    example: "127.0.0.1",
  }),
  port: setting("port", integer(0, 65_535), 7653, {
    describe: "Port to listen on (R-O-L-E on a keypad); 0 takes a free one.",
    example: "7653",
  }),
  dataDir: setting("dataDir", path, "./.rolecall", {
    describe: "Directory of the database, the master key, the trail and the AWS profile.",
    example: "./.rolecall",
  }),
  database: optionalSetting("database", postgresqlUrl, {
    describe: "PostgreSQL URL; without it, SQLite in the data directory.",
    example: "postgresql://rolecall@localhost/rolecall",
    // It may carry a password.
    secret: true,
  }),
  tlsCert: optionalSetting("tls.cert", path, {
    describe: "PEM file of the TLS certificate and its chain.",
    example: "./server.crt",
  }),
  tlsKey: optionalSetting("tls.key", path, {
    describe: "PEM file of the TLS certificate's private key.",
    example: "./server.key",
  }),
  ephemeral: setting("ephemeral", flag, false, {
    describe: "Keep everything in memory, for CI; POST /_rolecall/reset goes back to the first state.",
    example: "true",
  }),
  account: optionalSetting("account", accountId, {
    describe: "Id of the first account (ephemeral only).",
    example: "111122223333",
  }),
  adminAccessKeyId: optionalSetting(
    "adminAccessKeyId",
    // ASIA begins the ids of temporary credentials: such a key would be asked for its session token.
    matching(/^(?!ASIA)\w{16,128}$/, "an access key id of 16 to 128 letters and digits (not ASIA…)", "ID"),
    {
      describe: "Access key id of the first administrator (ephemeral only).",
      example: "AKIAIOSFODNN7EXAMPLE",
    },
  ),
  adminSecretAccessKey: optionalSetting(
    "adminSecretAccessKey",
    matching(/^[!-~]{8,128}$/, "a secret of 8 to 128 ASCII characters without spaces", "SECRET"),
    {
      describe: "Secret access key of the first administrator (ephemeral only).",
      example: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      secret: true,
    },
  ),
  masterKey: optionalSetting("masterKey", matching(/^[^]+$/, "32 bytes as base64 or 64 hex digits", "KEY"), {
    describe: "The master key itself; otherwise a file, or one made in the data directory.",
    example: "$(openssl rand -base64 32)",
    secret: true,
    sources: { flag: false, environment: true, file: false },
  }),
  masterKeyFile: optionalSetting("masterKeyFile", path, {
    describe: "File with the master key (32 bytes as base64), mode 0600.",
    example: "./master.key",
  }),
  accounts: setting("accounts", namedAccounts, [], {
    describe: "Accounts that are made at start when they are missing, each with an administrator.",
    example: "111122223333=development,444455556666=production",
  }),
  externalAccounts: setting("externalAccounts", accountIds, [], {
    describe: "Accounts outside that trust policies may name though nobody here can be them.",
    example: "999988887777",
  }),
  servicePrincipals: setting("servicePrincipals", domainNames, [], {
    describe:
      "Services of your own that trust policies may name and users may have credentials for, beside those of AWS.",
    example: "billing.example.com",
  }),
  allowPrivateIssuers: setting("allowPrivateIssuers", privateIssuers, [], {
    describe:
      "OIDC issuers that may be at private addresses; without a port, all ports of a host. Their providers' tokens need it.",
    example: "localhost:8443,keycloak.internal",
  }),
  trustedCa: optionalSetting("trustedCa", path, {
    describe: "PEM file of authorities that OIDC issuers' certificates may be under, beside the public ones.",
    example: "./ca.pem",
  }),
  compatibility: setting("compatibility", choice(["strict", "aws"]), "strict", {
    describe:
      "`aws` accepts a bare * principal in a trust policy, session tags that fill the token, SAML assertions for any audience, and no port in the URL of an OIDC provider, as AWS does.",
    example: "strict",
  }),
  samlAudiences: setting("saml.audiences", uris, [], {
    describe: "Audiences that SAML assertions may be for, beside urn:amazon:webservices.",
    example: "urn:example:rolecall",
  }),
  samlSingleUse: setting("saml.singleUse", flag, false, {
    describe:
      "A SAML assertion is good once, on all nodes together. On AWS it serves for several roles while it is valid.",
    example: "true",
  }),
  authorizationIds: setting("authorizationIds", flag, true, {
    describe: "AccessDenied of IAM ends in an id by which it is told why, as on AWS.",
    example: "false",
  }),
  consoleUrl: optionalSetting("consoleUrl", webUrl, {
    describe: "Address of a console, which AccessDenied links to; without it, `rolecall explain` is named.",
    example: "https://console.example.com/",
  }),
  publicUrl: optionalSetting("publicUrl", webUrl, {
    describe: "Address under which others reach this server, behind a proxy for example; without it, where it listens.",
    example: "https://rolecall.example.com/",
  }),
  introspectionAmazon: optionalSetting("introspection.amazon", httpsUrl, {
    describe:
      "Where tokens of Login with Amazon (ProviderId www.amazon.com) are asked about; without it none is taken.",
    example: "https://api.amazon.com/auth/o2/tokeninfo",
  }),
  introspectionFacebook: optionalSetting("introspection.facebook", httpsUrl, {
    describe: "The same of Facebook (ProviderId graph.facebook.com), with an access token of the application.",
    example: "https://graph.facebook.com/debug_token?access_token=APP|SECRET",
    // It carries the application's secret.
    secret: true,
  }),
  clockSkewSeconds: setting("clockSkewSeconds", integer(1, 86_400), 900, {
    describe: "How far a client's clock may be off.",
    example: "900",
  }),
  region: setting(
    "region",
    matching(/^[a-z]{2,}(-[a-z]+)+-\d+$/, "a region such as us-east-1", "REGION"),
    "us-east-1",
    {
      describe: "Region that profiles and examples use; requests may be signed for any.",
      example: "us-east-1",
    },
  ),
  partition: setting("partition", choice(partitions), "aws", {
    describe: "Partition of accounts made by this server.",
    example: "aws",
  }),
  logLevel: setting("logLevel", choice(["silent", "fatal", "error", "warn", "info", "debug", "trace"]), "warn", {
    describe: "What is logged to standard error: `warn` failures and slow requests, `info` every request.",
    example: "info",
  }),
  slowRequestMs: setting("slowRequestMs", integer(1, 600_000), 1000, {
    describe: "A request that takes this long or longer is logged at `warn` (milliseconds).",
    example: "1000",
  }),
  metricsPort: optionalSetting("metrics.port", integer(0, 65_535), {
    describe: "Port of GET /metrics for Prometheus; without it there are none. 0 takes a free one.",
    example: "9464",
  }),
  metricsHost: setting("metrics.host", host, "127.0.0.1", {
    describe: "Address of the metrics. They are open to whoever reaches it.",
    example: "127.0.0.1",
  }),
  workers: setting("workers", integer(1, 256), 1, {
    describe: "Processes that serve the port, about one for each core. Limits hold for each of them.",
    example: "4",
  }),
  httpReader: setting("httpReader", choice(["lane", "node"]), "lane", {
    describe: "What reads HTTP: `lane`, faster for what SDKs send, or `node`: node:http alone.",
    example: "lane",
  }),
  maxConnections: setting("limits.maxConnections", integer(1, 1_000_000), 10_000, {
    describe: "Connections at once; one more is closed at once.",
    example: "10000",
  }),
  maxPending: setting("limits.maxPending", integer(1, 1_000_000), 1000, {
    describe: "Requests that may wait for the store at once; one more is answered 503.",
    example: "1000",
  }),
  requestsPerAccount: setting("limits.requestsPerAccount", integer(0, 1_000_000), 0, {
    describe: "Requests a second of one account; beyond it AWS's Throttling. 0 sets no limit.",
    example: "200",
  }),
  requestsPerPrincipal: setting("limits.requestsPerPrincipal", integer(0, 1_000_000), 0, {
    describe: "Requests a second of one user or role, all its sessions together. 0 sets no limit.",
    example: "50",
  }),
  unverifiedPerSource: setting("limits.unverifiedPerSource", integer(0, 1_000_000), 50, {
    describe:
      "Requests a second of one address whose token or assertion is costly to verify, before that is done. 0 sets no limit.",
    example: "50",
  }),
  unverifiedPerAccount: setting("limits.unverifiedPerAccount", integer(0, 1_000_000), 200, {
    describe: "The same about the roles of one account, from all addresses together. 0 sets no limit.",
    example: "200",
  }),
  burstSeconds: setting("limits.burstSeconds", integer(1, 3600), 2, {
    describe: "For how many seconds' worth a caller that was quiet may send at once.",
    example: "2",
  }),
  trailNobodyPerSecond: setting("trail.nobodyPerSecond", integer(0, 1_000_000), defaultKeeping.nobodyPerSecond, {
    describe: "Records a second of what nobody signed; more are counted.",
    example: "100",
  }),
  trailNobodyBytesPerDay: setting("trail.nobodyBytesPerDay", bytes, defaultKeeping.nobodyBytesPerDay, {
    describe: "Bytes of such records in a day; more are counted.",
    example: "100000000",
  }),
  trailNobodyKeepDays: setting("trail.nobodyKeepDays", integer(0, 100_000), defaultKeeping.nobodyKeepDays, {
    describe: "Days for which files of such records are kept. 0 sets no limit.",
    example: "7",
  }),
  trailNobodyKeepBytes: setting("trail.nobodyKeepBytes", bytes, defaultKeeping.nobodyKeepBytes, {
    describe: "Bytes of them that are kept. 0 sets no limit.",
    example: "1000000000",
  }),
  trailKeepDays: setting("trail.keepDays", integer(0, 100_000), defaultKeeping.keepDays, {
    describe: "Days for which all other files of the trail are kept. 0 keeps them for ever.",
    example: "400",
  }),
  trailKeepBytes: setting("trail.keepBytes", bytes, defaultKeeping.keepBytes, {
    describe: "Bytes of those that are kept. 0 sets no limit.",
    example: "50000000000",
  }),
  trailReserveBytes: setting("trail.reserveBytes", bytes, defaultKeeping.reserveBytes, {
    describe: "Bytes of the trail's disk that are left to changes.",
    example: "100000000",
  }),
} as const;

/** AWS's quotas, each a setting of its own. */
export const quotaDeclarations: readonly (Declaration<number> & { readonly quota: keyof typeof defaultQuotas })[] = (
  Object.keys(defaultQuotas) as (keyof typeof defaultQuotas)[]
).map((quota) => ({
  ...setting(`quotas.${quota}`, integer(1, 1_000_000), defaultQuotas[quota], {
    describe: `AWS's quota ${quota}.`,
    example: String(defaultQuotas[quota]),
  }),
  quota,
}));

export const allDeclarations: readonly Declaration<unknown>[] = [
  ...(Object.values(declarations) as Declaration<unknown>[]),
  ...(quotaDeclarations as readonly Declaration<unknown>[]),
];
