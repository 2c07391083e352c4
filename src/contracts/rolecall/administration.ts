/** Accounts, the organization, and the keys of the rings. */
import { optional, structure } from "../value-of.ts";
import { count, instant, text } from "./values.ts";

export const account = structure({
  AccountId: text,
  Name: text,
  Arn: text,
  Email: optional(text),
  CreatedAt: instant,
  OrganizationPath: optional(text),
});

export const administrator = structure({
  UserName: text,
  AccessKeyId: text,
  SecretAccessKey: { type: "string", sensitive: true },
});

export const organization = structure({
  Id: text,
  Arn: text,
  ManagementAccountId: text,
  /** `o-…/r-…/` */
  RootPath: text,
});

export const ringKey = structure({
  Ring: { type: "string", enum: ["tokens", "secrets"] },
  KeyId: text,
  State: { type: "string", enum: ["distributed", "promoted", "retired", "lost"] },
  CreatedAt: instant,
  /** When it came into its state. */
  ChangedAt: instant,
  Seals: count,
});
