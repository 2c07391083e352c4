import { operation } from "../../../operation/operation.ts";
import * as preferences from "../../../store/iam/account-preferences.ts";
import { requirementOnAll } from "../entity/entity-names.ts";

/**
 * Which version tokens of the global endpoint have. On AWS one of version 1 is good in the Regions that are enabled by
 * default alone. Here one endpoint serves all Regions and each of its tokens is good in all of them, as those of version 2
 * are there (docs/differences.md): what is set is kept and shown, and no token follows from it.
 */
export const setSecurityTokenServicePreferences = operation("iam", "SetSecurityTokenServicePreferences", {
  writes: true,
  authorize: (_input, _loaded, context) => [requirementOnAll("iam:SetSecurityTokenServicePreferences", context)],
  handle: async ({ GlobalEndpointTokenVersion: version }, _, { tx, account }) => {
    await preferences.set(tx, account, { tokenVersion: version === "v2Token" ? 2 : 1 });
    return {};
  },
});
