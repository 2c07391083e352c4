import type { Plan } from "../../harness/hostile/requests.ts";

/** Runs of a smaller candidate before the shrinking ends. */
const budget = 200;

/**
 * Makes a failing plan smaller as long as it fails: fewer tamperings, fewer members, a shorter body.
 *
 * @param fails sends a plan and says whether it still fails
 */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let smallest = plan;
  let left = budget;
  const attempt = async (candidate: Plan): Promise<boolean> => {
    if (left-- <= 0 || !(await fails(candidate))) return false;
    smallest = candidate;
    return true;
  };
  for (const tampering of plan.tampering) {
    await attempt({ ...smallest, tampering: smallest.tampering.filter((other) => other !== tampering) });
  }
  const separator = plan.headers.some(([, value]) => value.startsWith("application/x-amz-json")) ? "," : "&";
  await removing(smallest.body.split(separator), (parts) => attempt({ ...smallest, body: parts.join(separator) }));
  await removing([...smallest.body], (characters) => attempt({ ...smallest, body: characters.join("") }));
  return smallest;
}

/** Removes ever smaller runs of items (delta debugging without its complements). */
async function removing<T>(items: T[], attempt: (kept: T[]) => Promise<boolean>): Promise<void> {
  let kept = items;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length;) {
      const fewer = [...kept.slice(0, start), ...kept.slice(start + size)];
      if (fewer.length < kept.length && (await attempt(fewer))) kept = fewer;
      else start += size;
    }
  }
}
