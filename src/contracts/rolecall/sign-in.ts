/** A user's password, and what he gets for it. */
import { optional, structure } from "../value-of.ts";
import { arn, flag, instant, text } from "./values.ts";

/** Nothing of it is in the trail, as nothing is of what is typed into AWS's page. */
export const signInInput = {
  ...structure({
    /** The account's id, or its alias. */
    Account: { type: "string", min: 3, max: 63, pattern: "[a-z0-9-]+" },
    UserName: { type: "string", min: 1, max: 64, pattern: "[\\w+=,.@-]+" },
    Password: { type: "string", min: 1, max: 128, sensitive: true },
    /** What the user's MFA device shows, where he has one. */
    MfaCode: optional({ type: "string", min: 6, max: 6, pattern: "\\d*", sensitive: true }),
    /** Of the device, where he has several. */
    MfaSerialNumber: optional({ type: "string", min: 9, max: 256, pattern: "[\\w+=/:,.@-]+" }),
    /** Twelve hours by default, as long as a session of AWS's console. */
    DurationSeconds: optional({ type: "integer", min: 900, max: 43_200 }),
  }),
  sensitive: true,
} as const;

const credentials = structure({
  AccessKeyId: text,
  SecretAccessKey: { type: "string", sensitive: true },
  SessionToken: { type: "string", sensitive: true },
  Expiration: instant,
});

export const signInOutput = {
  ...structure({
    Credentials: credentials,
    UserArn: arn,
    /** The credentials are good for iam:ChangePassword and iam:GetAccountPasswordPolicy alone. */
    PasswordChangeRequired: flag,
  }),
  sensitive: true,
} as const;
