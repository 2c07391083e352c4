/** An OpenID Connect provider as others write it (oidc-provider), on HTTPS under the tests' private authority. */
import { generateKeyPairSync } from "node:crypto";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";
import { issue } from "./certificate.ts";
import { sharedMaterial } from "./oidc-issuer.ts";

export interface NpmProvider {
  readonly url: string;
  readonly port: number;
  /** PEM of the authority. */
  readonly ca: string;
  /** A token of the client `ci` for an audience, as its token endpoint gives it. */
  token(audience: string): Promise<string>;
  close(): Promise<void>;
}

const client = { client_id: "ci", client_secret: "a secret of the client" };

export async function startNpmProvider(): Promise<NpmProvider> {
  const { authority } = sharedMaterial();
  const { cert, key } = issue({ name: "npm provider", issuer: authority });
  const server = createServer({ cert: cert + authority.cert, key });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${port}/op`;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const provider = new Provider(url, {
    clients: [
      {
        ...client,
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: "client_secret_post",
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "ES256", kid: "of-the-provider" }] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_: unknown, resource: string) => ({
          scope: "",
          audience: resource.replace("urn:audience:", ""),
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
  });
  const answer = provider.callback();
  // Mounted below a path, as behind a proxy.
  server.on("request", (asked, response) => {
    answer(Object.assign(asked, { originalUrl: asked.url, url: asked.url!.replace(/^\/op/, "") }), response);
  });
  return {
    url,
    port,
    ca: authority.cert,
    async token(audience) {
      const form = { grant_type: "client_credentials", resource: `urn:audience:${audience}`, ...client };
      const text = await post(`${url}/token`, new URLSearchParams(form).toString(), authority.cert);
      return (JSON.parse(text) as { access_token: string }).access_token;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function post(url: string, body: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const asked = request(url, { method: "POST", ca, headers }, async (response) => {
      let text = "";
      for await (const chunk of response) text += String(chunk);
      if (response.statusCode === 200) resolve(text);
      else reject(new Error(`${response.statusCode}: ${text}`));
    });
    asked.once("error", reject);
    asked.end(body);
  });
}
