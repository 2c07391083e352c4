/**
 * An OpenID Connect issuer on HTTPS with a private authority: as good or as bad as a test wants it. Tokens are made of
 * whatever they are wanted to say; nothing here is checked.
 */
import { createHash, generateKeyPairSync, sign, X509Certificate } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";
import { createServer } from "node:https";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { issue } from "./certificate.ts";
import type { Issued } from "./certificate.ts";

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const curves: Readonly<Record<string, string>> = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };

/** @param alg a curve's, or one of RSA's. Keys of RSA take a tenth of a second to make */
export function signingKey(kid: string, alg = "ES256"): SigningKey {
  const curve = curves[alg];
  const keys =
    curve === undefined
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: curve });
  return { kid, alg, ...keys };
}

export function publicJwk({ kid, alg, publicKey }: SigningKey): JsonWebKey & { kid: string } {
  return { ...publicKey.export({ format: "jwk" }), kid, alg, use: "sig" };
}

/** A certificate of the key, signed by itself: DER in Base64, as in x5c. */
export function certificateOf({ publicKey, privateKey }: SigningKey): string {
  return new X509Certificate(issue({ keys: { publicKey, privateKey } }).cert).raw.toString("base64");
}

/** A signed token. @param header what it says beside or instead of `alg` and `kid`; what is undefined is left out */
export function tokenOf(key: SigningKey, claims: object, header: object = {}): string {
  const [head, body] = [{ alg: key.alg, kid: key.kid, ...header }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  const hash = `sha${key.alg.slice(2)}`;
  const signature = sign(hash, Buffer.from(`${head}.${body}`), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
  return `${head}.${body}.${signature.toString("base64url")}`;
}

let shared: { authority: Issued; key: SigningKey } | undefined;

/** An authority and a key that tests of one file share: making them takes time. */
export function sharedMaterial() {
  return (shared ??= {
    authority: issue({ name: "rolecall test authority", authority: true }),
    key: signingKey("first"),
  });
}

/** What an issuer answers instead of its document; true where it has answered, or never will. */
type Behaviour = (request: IncomingMessage, response: ServerResponse) => boolean | void;

export interface TestIssuerOptions {
  /** Of the server: leaf and key. One of the shared authority by default. */
  readonly certificate?: Issued;
  /** PEM texts sent behind the leaf: the authority alone by default. */
  readonly chain?: readonly string[];
  readonly keys?: readonly SigningKey[];
  /** Of the URL, behind the port: `/realms/x`. */
  readonly path?: string;
  /** In the URL; the server listens on 127.0.0.1. */
  readonly host?: string;
}

export class TestIssuer {
  readonly url: string;
  /** The provider's name: the URL without its scheme. */
  readonly name: string;
  readonly port: number;
  /** SHA-1 of the last certificate that it sends. */
  readonly thumbprint: string;
  /** PEM of the authority that its certificate is under. */
  readonly ca: string;
  /** What tokens are signed with: the first. */
  keys: readonly SigningKey[];
  /** Added to the discovery document, or taken from it where undefined. */
  discovery: Readonly<Record<string, unknown>> = {};
  /** The keys as they are told; those of `keys` where null. */
  jwks: object | null = null;
  behaviour: Behaviour = () => false;
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(
    server: Server,
    { keys, path = "", host = "127.0.0.1" }: TestIssuerOptions,
    chain: readonly string[],
  ) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.name = `${host}:${this.port}${path}`;
    this.url = `https://${this.name}`;
    this.keys = keys ?? [sharedMaterial().key];
    this.ca = sharedMaterial().authority.cert;
    this.thumbprint = createHash("sha1")
      .update(new X509Certificate(chain.at(-1)!).raw)
      .digest("hex");
  }

  static async start(options: TestIssuerOptions = {}): Promise<TestIssuer> {
    const { authority } = sharedMaterial();
    const {
      certificate = issue({ name: "issuer", issuer: authority, hosts: ["localhost"] }),
      chain = [authority.cert],
    } = options;
    let issuer: TestIssuer | undefined;
    const server = createServer(
      { cert: [certificate.cert, ...chain].join(""), key: certificate.key },
      (request, response) => issuer!.#answer(request, response),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    issuer = new TestIssuer(server, options, [certificate.cert, ...chain]);
    return issuer;
  }

  /** A token for `audience` of `subject` that is good for an hour. */
  token(claims: object = {}, header: object = {}, key: SigningKey = this.keys[0]!): string {
    const now = Math.floor(Date.now() / 1000);
    return tokenOf(
      key,
      { iss: this.url, sub: "subject", aud: "sts.amazonaws.com", iat: now, exp: now + 3600, ...claims },
      header,
    );
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.asked.push(request.url!);
    if (this.behaviour(request, response) === true) return;
    const path = this.name.replace(/^[^/]*/, "").replace(/\/$/, "");
    if (request.url === `${path}/.well-known/openid-configuration`) return answer(response, this.#discovery());
    if (request.url === `${path}/keys`) return answer(response, this.jwks ?? { keys: this.keys.map(publicJwk) });
    response.writeHead(404).end();
  }

  #discovery(): object {
    return {
      issuer: this.url,
      jwks_uri: `${this.url.replace(/\/$/, "")}/keys`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256", "ES256"],
      ...this.discovery,
    };
  }
}

function answer(response: ServerResponse, document: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(document));
}
