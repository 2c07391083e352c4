import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { Check } from "../../federation/checks.ts";
import type { FederatedSubject } from "../../session/actor.ts";

type Output = RolecallOperations["CheckFederation"]["output"];

/** What was looked at of a proof, as our API says it. */
export function checksTold(checks: readonly Check[]): Output["Checks"] {
  return checks.map(({ name, passed, wanted, seen, advice }) => ({
    Name: name,
    Passed: passed,
    Wanted: wanted,
    Seen: seen,
    Advice: advice,
  }));
}

/** The condition keys that a good proof gives. */
export function keysTold({ claims }: FederatedSubject): NonNullable<Output["Keys"]> {
  return Object.entries(claims).map(([Key, value]) => ({ Key, Values: typeof value === "string" ? [value] : value }));
}
