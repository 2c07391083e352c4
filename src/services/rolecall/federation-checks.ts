import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { Check } from "../../federation/checks.ts";

/** What was looked at of a proof, as our API says it. */
export function checksTold(
  checks: readonly Check[],
): NonNullable<RolecallOperations["ExplainRequest"]["output"]["Checks"]> {
  return checks.map(({ name, passed, wanted, seen, advice }) => ({
    Name: name,
    Passed: passed,
    Wanted: wanted,
    Seen: seen,
    Advice: advice,
  }));
}
