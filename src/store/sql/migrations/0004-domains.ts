import type { Migration } from "./migration.ts";

/**
 * Revisions belong to domains, of which organizations are some. What is where in an organization is the organization's
 * own, and an account only says which place is its: a unit that is moved takes all its accounts along in one write, and
 * one revision says so.
 *
 * What each commit changed was written down beside the revisions and never read.
 */
export const domains: Migration = {
  name: "0004-domains",
  up: ({ table, alter, types, statement }) => [
    statement(`drop table "changes"`),
    table("domains")
      .addColumn("id", types.key, (column) => column.primaryKey())
      .addColumn("revision", types.integer, (column) => column.notNull())
      .addColumn("stamp", types.integer, (column) => column.notNull()),
    statement(`insert into "domains" ("id", "revision", "stamp") select "id", "revision", "stamp" from "accounts"`),
    statement(`insert into "domains" ("id", "revision", "stamp") select "id", 1, 0 from "organizations"`),
    alter("accounts").dropColumn("revision"),
    alter("accounts").dropColumn("stamp"),
    types
      .sequence(table("organization_places"), "id")
      .addColumn("organization_id", types.key, (column) => column.notNull().references("organizations.id"))
      .addColumn("path", types.key, (column) => column.notNull())
      .addUniqueConstraint("organization_places_path", ["organization_id", "path"]),
    statement(`insert into "organization_places" ("organization_id", "path")
      select distinct "organization_id", "organization_path" from "accounts"
      where "organization_id" is not null and "organization_path" is not null`),
    alter("accounts").addColumn("organization_place", types.integer, (column) =>
      column.references("organization_places.id"),
    ),
    statement(`update "accounts" set "organization_place" = (select p."id" from "organization_places" p
      where p."organization_id" = "accounts"."organization_id" and p."path" = "accounts"."organization_path")`),
    alter("accounts").dropColumn("organization_path"),
  ],
};
