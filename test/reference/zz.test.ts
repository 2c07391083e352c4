import { test } from "vitest";
import { engineDecides } from "./engine.ts";
import { generate } from "./generate.ts";
import { decide } from "./oracle.ts";
import { callerOf } from "./case.ts";
import { shrink } from "./shrink.ts";
test("x", () => {
  const t = Date.now(); let n = 0, bad = 0; const seen = new Set<string>();
  for (let s = Number(process.env.S ?? 1); n < Number(process.env.N ?? 20000) && seen.size < 25; s++) for (const c of generate(s)) {
    n++; if (c.request.resource.includes(":kms:")) continue; if (!("arn" in callerOf(c))) continue;
    const g0 = engineDecides(c);
    if (g0 === decide(c)) continue;
    bad++;
    const small = shrink(c, (x) => { const g = engineDecides(x); return (g.startsWith("threw") === g0.startsWith("threw")) && g !== decide(x); });
    const { id, ...rest } = small;
    const { resource: rp, ...ps } = rest.policies;
    const line = JSON.stringify({ ...rest.request, ...ps, ...(rp ? { RP: rp } : {}), b: rest.bindings, exp: decide(small), got: engineDecides(small) });
    if (!seen.has(line)) { seen.add(line); console.log(id, line); }
    break;
  }
  console.log(n, bad, Date.now() - t, "ms");
}, 1000000);
