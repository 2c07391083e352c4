import type { Migration } from "./migration.ts";

/** Keys of OpenID Connect issuers that this server cannot ask. */
export const issuerKeys: Migration = {
  name: "0017-issuer-keys",
  up: ({ alter, types }) => [alter("oidc_providers").addColumn("issuer_keys", types.text)],
};
