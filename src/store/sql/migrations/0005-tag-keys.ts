import type { Migration } from "./migration.ts";

/** The tag keys of managed policies are told apart by case, as they were not before. */
export const tagKeys: Migration = {
  name: "0005-tag-keys",
  up: ({ statement }) => [
    statement(`update "tags" set "key_key" = "key" where "owner_id" in (select "id" from "policies")`),
  ],
};
