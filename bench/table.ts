import type { Row } from "./row.ts";

const headings = ["bench", "metric", "value", "unit", "floor", "ratio", "goal", "met"] as const;

/** Rows as an aligned text table, a blank line between benches. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.bench,
    row.metric,
    figure(row.value),
    row.unit,
    row.floor === null ? "" : figure(row.floor),
    row.ratio === null ? "" : row.ratio.toFixed(2),
    row.goal === null ? "" : figure(row.goal),
    row.met === null ? "" : row.met ? "yes" : "NO",
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => row[column]!.length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join("  ")
      .trimEnd();
  const lines = [line(headings), widths.map((width) => "-".repeat(width)).join("  ")];
  for (const [index, row] of cells.entries()) {
    if (index > 0 && row[0] !== cells[index - 1]![0]) lines.push("");
    lines.push(line(row));
  }
  return lines.join("\n");
}

function isNumber(column: number): boolean {
  return column === 2 || (column >= 4 && column <= 6);
}

function figure(value: number): string {
  return Number.isInteger(value)
    ? value.toLocaleString("en-US")
    : value.toLocaleString("en-US", { maximumFractionDigits: 3 });
}
