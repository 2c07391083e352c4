/** What was looked at of a token or an assertion, in lines for a terminal. */
import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { visible } from "../../text/visible.ts";

type Checks = NonNullable<RolecallOperations["ExplainRequest"]["output"]["Checks"]>;

/** A line for what held; what did not hold comes last, with what would change it. Of a name that comes again the last counts. */
export function checkLines(all: Checks, color: Terminal["color"]): string[] {
  const checks = [...new Map(all.map((check) => [check.Name, check])).values()];
  const width = Math.max(0, ...checks.map(({ Name: name }) => name.length));
  return checks.flatMap(({ Name: name, Passed: passed, Wanted: wanted, Seen: seen, Advice: advice }) => {
    const title = visible(name).padEnd(width);
    const indent = " ".repeat(width + 4);
    if (passed) return [`${color.green("+")} ${title}  ${visible(seen ?? wanted ?? "")}`.trimEnd()];
    return [
      `${color.red("x")} ${color.bold(title)}  ${seen === undefined ? "not as wanted" : visible(seen)}`,
      ...(wanted === undefined ? [] : [`${indent}wanted: ${visible(wanted)}`]),
      ...(advice === undefined ? [] : [`${indent}${color.cyan(visible(advice))}`]),
    ];
  });
}
