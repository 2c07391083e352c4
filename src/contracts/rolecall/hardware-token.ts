/** Hardware tokens: MFA devices whose seeds an account's administrator has from whoever made them. */
import { optional, structure } from "../value-of.ts";
import { arn, instant } from "./values.ts";

/** As IAM takes it (EnableMFADevice), but for what would make it an ARN or a path. */
export const serialNumber = { type: "string", min: 9, max: 128, pattern: "[\\w+=,.@-]+" } as const;

/** Base32 (RFC 4648): at least the 128 bits that RFC 4226 §4 asks for, at most what SHA-1 takes in one block. */
export const seed = { type: "string", min: 26, max: 104, pattern: "[A-Za-z2-7]+=*", sensitive: true } as const;

export const hardwareToken = structure({
  SerialNumber: serialNumber,
  RegisteredAt: instant,
  /** The user, or the root, that it is enabled for. */
  EnabledFor: optional(arn),
  EnabledAt: optional(instant),
});
