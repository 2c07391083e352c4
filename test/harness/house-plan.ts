/** The plan of the house; tidy.test.ts holds src to it, and docs/facts.test.ts the map in docs/ARCHITECTURE.md. */

/** The order of the rooms: a room imports only from itself and from those before it (docs/ARCHITECTURE.md). */
export const rooms = [
  "text",
  "arn",
  "clock",
  "json",
  "policy",
  "contracts",
  "wire",
  "sigv4",
  "x509",
  "seal",
  "store",
  "session",
  "mfa",
  "federation",
  "authorization",
  "trail",
  "operation",
  "services",
  "http",
  "pipeline",
  "doors",
  "observe",
  "server",
  "config",
  "launch",
  "cli",
];

/**
 * The folders inside of a room, in their order: what stands in one imports only from itself and from those before it.
 * `*` stands for all others, of which none knows another. Files beside them are held by the rule on circles alone.
 */
export const innerOrders: Readonly<Record<string, readonly string[]>> = {
  policy: ["document", "match", "grammar", "engine", "explain", "validate", "case"],
  "policy/match": ["comparison"],
  "policy/validate": ["catalogue"],
  contracts: ["iam", "sts", "rolecall", "iam-toolbox"],
  store: ["sql", "server", "iam", "organizations"],
  "store/sql": ["table", "cache", "migrations", "dialects"],
  "store/sql/dialects": ["sqlite", "postgresql"],
  federation: ["oidc", "outbound", "saml"],
  services: ["iam", "sts", "rolecall", "iam-toolbox"],
  "services/iam": ["entity", "policy", "boundary", "managed-policy", "attachment", "inline-policy", "*", "account"],
  http: ["node", "lane"],
  pipeline: ["strategy"],
  doors: ["health", "issuers", "api"],
  launch: ["workers"],
  cli: ["policy", "credentials", "federation", "sessions", "tour"],
};
