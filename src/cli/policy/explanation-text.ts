/** An explanation in lines for a terminal. */
import type { Change, Explanation, StatementExplanation } from "../../policy/index.ts";
import { visible } from "../../text/visible.ts";
import type { Terminal } from "../../launch/terminal.ts";

type Color = Terminal["color"];

/** Statements that did not apply and are shown; a thousand of them help nobody. */
const mostSilent = 12;
const mostChanges = 6;

/** The decision, what stands in the way, the statements that mattered, and what would turn it. */
export function explanationLines(explanation: Explanation, color: Color): string[] {
  return [
    ...decisionLines(explanation, color),
    ...section(
      "Denied by",
      explanation.blockedBy.map((block) => `- ${visible(block.words)}`),
      color,
    ),
    ...section("Statements", statementLines(explanation.statements, color), color),
    ...section(
      explanation.decision.allowed ? "What would take it away (one of these)" : "What would allow it (one of these)",
      changeLines(explanation.changes, color),
      color,
    ),
  ];
}

function decisionLines({ decision, summary }: Explanation, color: Color): string[] {
  const outcome = decision.allowed ? color.green(decision.outcome) : color.red(decision.outcome);
  return [color.bold(outcome), visible(summary)];
}

function section(title: string, lines: readonly string[], color: Color): string[] {
  return lines.length === 0 ? [] : ["", color.bold(title), ...lines.map((line) => `  ${line}`)];
}

function statementLines(statements: readonly StatementExplanation[], color: Color): string[] {
  const applying = statements.filter((one) => one.applies);
  const silent = statements.filter((one) => !one.applies);
  const hidden = silent.length - mostSilent;
  return [
    ...applying.map((one) => {
      const sign = one.effect === "Allow" ? color.green("+") : color.red("x");
      return `${sign} ${visible(one.words)}`;
    }),
    ...silent.slice(0, mostSilent).map((one) => `${color.dim("-")} ${visible(one.words)}`),
    ...(hidden > 0 ? [color.dim(`  and ${hidden} more that do not apply; --json shows all`)] : []),
  ];
}

function changeLines(changes: readonly (readonly Change[])[], color: Color): string[] {
  const shown = changes
    .slice(0, mostChanges)
    .flatMap((set, index) =>
      set.flatMap((change, position) => [
        `${position === 0 ? `${index + 1}.` : "   and"} ${visible(change.words)}`,
        ...suggestion(change).map((line) => `   ${color.cyan(line)}`),
      ]),
    );
  const hidden = changes.length - mostChanges;
  return hidden > 0 ? [...shown, color.dim(`and ${hidden} more; --json shows all`)] : shown;
}

function suggestion(change: Change): string[] {
  return change.type === "AddStatement" ? [visible(JSON.stringify(change.statement))] : [];
}
