import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { Terminal } from "../../launch/terminal.ts";
import type { Explanation } from "../../policy/index.ts";
import { visible } from "../../text/visible.ts";
import { checkLines } from "../policy/check-lines.ts";
import { explanationLines } from "../policy/explanation-text.ts";

type Input = RolecallOperations["CheckFederation"]["input"];
type Output = RolecallOperations["CheckFederation"]["output"];
type Color = Terminal["color"];

/** What came out of a check: the proof step by step, whom it is of, and what the trust policy says of him. */
export function answerLines(input: Input, answer: Output, { color }: Terminal): string[] {
  const proof = input.SAMLAssertion === undefined ? "The token" : "The assertion";
  const { Fault: fault, Checks: checks } = answer;
  const looked = [color.bold(proof), ...checkLines(checks, color).map((line) => `  ${line}`)];
  if (fault !== undefined) {
    const { Code: code, Status: status, Message: message } = fault;
    const said = visible(`${code} (${status}): ${message}`);
    return [...looked, "", color.red(`${proof} is not accepted. STS says no more than: ${said}`)];
  }
  return [
    ...looked,
    "",
    color.bold("Condition keys that it gives"),
    ...keyLines(answer),
    ...decisionLines(input, answer, color),
  ];
}

function keyLines({ Keys: keys = [] }: Output): string[] {
  return keys.map(({ Key: key, Values: values }) => `  ${visible(key)} = ${visible(values.join(", "))}`);
}

function decisionLines({ RoleArn: role }: Input, answer: Output, color: Color): string[] {
  const { Allowed: allowed, Explanations: explanations } = answer;
  if (explanations.length === 0 && !allowed) return ["", color.red("It is accepted, but there is no such role.")];
  if (explanations.length === 0)
    return ["", color.green("It is accepted. Without a trust policy nothing is decided (--trust-policy).")];
  if (allowed) return ["", color.green(`It puts on ${visible(role)}.`)];
  const refused = explanations.filter(({ Outcome: outcome }) => outcome !== "Allowed");
  return [
    ...refused.flatMap((one) => [
      "",
      color.bold(visible(one.Action)),
      ...explanationLines(JSON.parse(one.Explanation) as Explanation, color),
      ...(one.Withheld.length === 0
        ? []
        : [color.dim(`Not shown, it is not yours to see: ${one.Withheld.join(", ")}`)]),
    ]),
    "",
    color.red(`It is accepted, but the role's trust policy does not let it in.`),
    "--print-trust-policy shows one that does, and lets in nobody else.",
  ];
}
