// An issuer of OpenID Connect tokens on paper: it has a key and makes tokens of the shape that known issuers make, so that
// a trust policy can be tried before anything is set up there. Needs nothing but Node.
//
//   node issuer.mjs keys                                 its public keys (a JWK Set); the private one is in issuer.pem
//   node issuer.mjs token SHAPE [CLAIM=VALUE …]          a token; VALUE is text, or JSON
//
// Whoever has issuer.pem can be anybody to a server that was given these keys: for trying out, and for nothing else.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const file = "issuer.pem";

/** What each issuer says, for the claims that its words give. */
const shapes = {
  // docs.github.com, "OpenID Connect reference"
  github: ({ repository = "octo-org/octo-repo", ref = "refs/heads/main", environment, ...more }) => ({
    iss: "https://token.actions.githubusercontent.com",
    aud: "sts.amazonaws.com",
    sub: `repo:${repository}:${environment === undefined ? `ref:${ref}` : `environment:${environment}`}`,
    repository,
    repository_id: "74",
    repository_owner: repository.split("/")[0],
    repository_owner_id: "65",
    ref,
    ref_type: ref.startsWith("refs/tags/") ? "tag" : "branch",
    ...(environment === undefined ? {} : { environment }),
    actor: "octocat",
    actor_id: "12",
    workflow: "deploy",
    job_workflow_ref: `${repository}/.github/workflows/deploy.yml@${ref}`,
    event_name: "push",
    runner_environment: "github-hosted",
    ...more,
  }),
  // docs.gitlab.com, "ID tokens"
  gitlab: ({ project_path = "mygroup/myproject", ref = "main", ref_type = "branch", ...more }) => ({
    iss: "https://gitlab.com",
    aud: "https://gitlab.com",
    sub: `project_path:${project_path}:ref_type:${ref_type}:ref:${ref}`,
    project_path,
    project_id: "20",
    namespace_path: project_path.split("/")[0],
    namespace_id: "72",
    ref,
    ref_type,
    ref_protected: "true",
    pipeline_source: "push",
    user_login: "ann",
    ...more,
  }),
  // kubernetes.io, "Managing Service Accounts"; the issuer is your cluster's
  kubernetes: ({ namespace = "default", name = "default", ...more }) => ({
    iss: "https://kubernetes.default.svc.cluster.local",
    aud: ["sts.amazonaws.com"],
    sub: `system:serviceaccount:${namespace}:${name}`,
    nbf: seconds(),
    "kubernetes.io": { namespace, serviceaccount: { name, uid: "6f1c7a2e-0000-4000-8000-000000000001" } },
    ...more,
  }),
  // www.keycloak.org, "Server Administration Guide"; the issuer is a realm of yours
  keycloak: ({ username = "ann", ...more }) => ({
    iss: "https://keycloak.example.com/realms/staff",
    aud: "rolecall",
    azp: "rolecall",
    sub: "0d6d2c6c-0000-4000-8000-000000000001",
    typ: "ID",
    preferred_username: username,
    email: `${username}@example.com`,
    ...more,
  }),
};

const [command, shape, ...words] = process.argv.slice(2);
if (command === "keys") print(JSON.stringify({ keys: [publicKey()] }, null, 2));
else if (command === "token" && shape in shapes) print(token(shapes[shape](claimsOf(words))));
else fail(`node issuer.mjs keys, or node issuer.mjs token ${Object.keys(shapes).join("|")} [CLAIM=VALUE …]`);

/** A JWT (RFC 7519), signed by RS256 (RFC 7518). */
function token(claims) {
  const payload = { iat: seconds(), exp: seconds() + 3600, ...claims };
  const header = { alg: "RS256", kid: publicKey().kid, typ: "JWT" };
  const text = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), privateKey()).toString("base64url")}`;
}

function privateKey() {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  }
  return createPrivateKey(readFileSync(file));
}

function publicKey() {
  const { kty, n, e } = createPublicKey(privateKey()).export({ format: "jwk" });
  return { kty, n, e, alg: "RS256", use: "sig", kid: createHash("sha256").update(n).digest("base64url").slice(0, 16) };
}

function claimsOf(given) {
  return Object.fromEntries(
    given.map((word) => [word.slice(0, word.indexOf("=")), valueOf(word.slice(word.indexOf("=") + 1))]),
  );
}

/** Times are numbers, lists and objects JSON, all else text: also the numbers by which issuers call things. */
function valueOf(text) {
  if (/^\d{10}$/.test(text)) return Number(text);
  return /^["[{]/.test(text) ? JSON.parse(text) : text;
}

function seconds() {
  return Math.floor(Date.now() / 1000);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

function fail(usage) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}
