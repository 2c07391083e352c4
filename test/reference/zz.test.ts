import { test } from "vitest";
import { engineDecides } from "./engine.ts";
import { generate } from "./generate.ts";
import { decide } from "./oracle.ts";
import { shrink } from "./shrink.ts";
import type { Case } from "./case.ts";
import { callerOf } from "./case.ts";
const mask = (c: Case) =>
  !("arn" in callerOf(c)) && ((c.policies.identity?.length ?? 0) > 0 || c.policies.session || c.policies.boundaries);
test("x", () => {
  const t = Date.now();
  let n = 0,
    bad = 0;
  const seen = new Set<string>();
  for (let s = Number(process.env.S ?? 1); n < Number(process.env.N ?? 20000) && seen.size < 25; s++)
    for (const c of generate(s)) {
      n++;
      if (mask(c)) continue;
      if (engineDecides(c) === decide(c)) continue;
      bad++;
      const small = shrink(c, (x) => {
        const g = engineDecides(x);
        return g.startsWith("threw") === engineDecides(c).startsWith("threw") && g !== decide(x) && !mask(x);
      });
      const { id, ...rest } = small;
      const line = JSON.stringify({
        ...rest.request,
        ...rest.policies,
        b: rest.bindings,
        exp: decide(small),
        got: engineDecides(small),
      });
      if (!seen.has(line)) {
        seen.add(line);
        console.log(id, line);
      }
      break;
    }
  console.log(n, bad, Date.now() - t, "ms");
}, 1000000);
