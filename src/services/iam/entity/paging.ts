import { pagesOf } from "../../../operation/page.ts";
import { validationError } from "./faults.ts";

/** Pages of IAM's lists. */
export const pages = pagesOf("iam", (member) => validationError(`Invalid ${member}.`));
