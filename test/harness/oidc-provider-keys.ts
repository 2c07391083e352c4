/** Keys of issuers that tests cannot reach, given as an administrator gives them for an air-gapped cluster. */
import * as oidcProviders from "../../src/store/iam/oidc-providers.ts";
import { publicJwk } from "./oidc-issuer.ts";
import type { SigningKey } from "./oidc-issuer.ts";
import { accountA } from "./world.ts";
import type { World } from "./world.ts";

/** @param url of a provider of account A */
export async function giveKeys({ server }: World, url: string, keys: readonly SigningKey[]): Promise<void> {
  const issuerKeys = JSON.stringify({ keys: keys.map(publicJwk) });
  await server.environment().database.write(async (tx) => {
    const provider = await oidcProviders.byName(tx, accountA, url.slice("https://".length));
    await oidcProviders.update(tx, provider!, { issuerKeys });
  });
}
