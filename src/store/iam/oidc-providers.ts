/** OpenID Connect providers: issuers whose tokens an account's roles may trust. */
import { following, json, key, optional, text } from "../sql/table/column.ts";
import type { RecordOf } from "../sql/table/types.ts";
import { named, namedTable } from "./named-table.ts";
import { exactCase, tagsOf } from "./tags.ts";

/** The issuer's URL, whose case counts. */
const asItIs = (name: string): string => name;

const members = {
  /** The name is the issuer's URL without its scheme, `localhost:8443/realms/x`, as it stands in the ARN. */
  ...named,
  nameKey: following(key, "name", asItIs),
  /** Audiences, in the order in which they were added; none twice. */
  clientIds: json<readonly string[]>(),
  /** SHA-1 of certificates, in lower case, in the order in which they were given. */
  thumbprints: json<readonly string[]>(),
  /** A JWK Set that takes the place of asking the issuer for its keys; null where it is asked. */
  issuerKeys: optional(text),
  tags: tagsOf("oidc_providers"),
};

export type OidcProviderRecord = RecordOf<typeof members>;

export const { table, create, byName, list, update, remove } = namedTable(
  {
    kind: "oidc-provider",
    change: "oidc-provider",
    table: "oidc_providers",
    quota: "OpenIdConnectProvidersPerAccount",
    tagKeys: exactCase,
    nameKeys: asItIs,
  },
  members,
);
