import type { Migration } from "./migration.ts";

/** What the management account of an organization may do as root of its members. */
export const rootFeatures: Migration = {
  name: "0021-root-features",
  up: ({ alter, types }) =>
    ["root_credentials", "root_sessions"].map((feature) =>
      alter("organizations").addColumn(feature, types.integer, (column) => column.notNull().defaultTo(0)),
    ),
};
