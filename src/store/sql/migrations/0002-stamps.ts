import type { Migration } from "./migration.ts";

/** A stamp beside each account's revision (revision.ts): the next change draws the first. */
export const stamps: Migration = {
  name: "0002-stamps",
  up: ({ alter, types }) => [
    alter("accounts").addColumn("stamp", types.integer, (column) => column.notNull().defaultTo(0)),
  ],
};
