import { spend } from "../../../policy/effort.ts";
import { sourceOf } from "../../../policy/index.ts";
import type { Policies, Statement } from "../../../policy/index.ts";

/** An action and a resource, patterns as a policy has them. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
}

/** The Denies of what speaks for a caller. */
export function denialsOf({ identity, boundaries, session }: Policies): readonly Statement[] {
  return [...identity, ...(boundaries ?? []), ...(session ?? [])].flatMap((policy) =>
    sourceOf(policy).document.statements.filter(({ effect }) => effect === "Deny"),
  );
}

/** Whether a Deny takes away something of what is asked for, perhaps not all of it. @throws PolicyEffortError */
export function deniesPart({ action, notAction, resource, notResource }: Statement, asked: Asked): boolean {
  const actions = notAction === undefined ? (action ?? []) : ["*"];
  const resources = notResource === undefined ? (resource ?? []) : ["*"];
  return (
    actions.some((one) => intersect(one.toLowerCase(), asked.action.toLowerCase())) &&
    // What a variable stands for is not known.
    resources.some((one) =>
      intersect(one.replaceAll(/\$\{[^}]*\}/g, "*"), asked.resource.replaceAll(/\$\{[^}]*\}/g, "*")),
    )
  );
}

/** Whether some text matches both of two patterns. */
function intersect(one: string, other: string): boolean {
  spend(one.length * other.length);
  // Row by row: whether what is left of `one` from here meets what is left of `other` from each place.
  let below: boolean[] = [];
  for (let at = one.length; at >= 0; at--) {
    const row: boolean[] = [];
    for (let place = other.length; place >= 0; place--) {
      const mine = one[at];
      const its = other[place];
      if (mine === undefined && its === undefined) row[place] = true;
      else if (mine === "*") row[place] = below[place]! || (its !== undefined && row[place + 1]!);
      else if (its === "*") row[place] = row[place + 1]! || (mine !== undefined && below[place]!);
      else if (mine === undefined || its === undefined) row[place] = false;
      else row[place] = (mine === its || mine === "?" || its === "?") && below[place + 1]!;
    }
    below = row;
  }
  return below[0]!;
}
