/** All checks by issue code. */
import { conditionErrors } from "./catalogue/condition-errors.ts";
import { own } from "./catalogue/own.ts";
import { principalErrors } from "./catalogue/principal-errors.ts";
import { securityWarnings } from "./catalogue/security-warnings.ts";
import { structureErrors } from "./catalogue/structure-errors.ts";
import { suggestions } from "./catalogue/suggestions.ts";
import { warnings } from "./catalogue/warnings.ts";

export const checks = {
  ...structureErrors,
  ...conditionErrors,
  ...principalErrors,
  ...securityWarnings,
  ...warnings,
  ...suggestions,
  ...own,
};
