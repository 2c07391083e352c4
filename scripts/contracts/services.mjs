import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");

export const SERVICES = [
  { service: "iam", title: "IAM", package: "@aws-sdk/client-iam", apiVersion: "2010-05-08" },
  { service: "sts", title: "STS", package: "@aws-sdk/client-sts", apiVersion: "2011-06-15" },
];

/** Fields of a shape that constrain its values; both sources and the contracts name them alike. */
export const CONSTRAINTS = ["min", "max", "pattern", "enum", "sensitive"];

/**
 * Members that the models call required and that IAM leaves out about an account's root, which has neither a user name
 * nor a path.
 */
export const LEFT_OUT_FOR_ROOT = {
  User: ["Path", "UserName"],
  AccessKey: ["UserName"],
};
