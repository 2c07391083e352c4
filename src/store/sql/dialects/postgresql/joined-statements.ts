/** Statements that write and are issued together, as one: one message to the server, one answer, one plan. */
import type { Row, Statement, Value } from "../../transaction.ts";

/** Beyond this they go beside each other: each combination is a prepared statement on each connection. */
const mostJoined = 8;

/** One statement whose number of written rows is waited for. */
export interface Waiting {
  readonly statement: Statement;
  readonly values: readonly Value[];
  readonly written: (count: number) => void;
  readonly failed: (error: unknown) => void;
}

/** Whether they can be one: those that have a name are compiled ones, of which there are only so many. */
export function canBeJoined(statements: readonly Waiting[]): boolean {
  return statements.length <= mostJoined && statements.every(({ statement }) => statement.name !== "");
}

const joined = new Map<string, Statement>();

/**
 * All as parts of one (PostgreSQL manual, "Data-Modifying Statements in WITH"). They see the same snapshot and not what
 * the others write, so none may write a row that another does; references between them are checked at their end.
 */
export function joinedStatement(statements: readonly Statement[]): Statement {
  const key = statements.map(({ name }) => name).join(" ");
  let statement = joined.get(key);
  if (statement === undefined) joined.set(key, (statement = { name: `j${joined.size}`, sql: joinedText(statements) }));
  return statement;
}

function joinedText(statements: readonly Statement[]): string {
  let before = 0;
  const parts = statements.map(({ sql }, index) => {
    let most = 0;
    const text = sql.replaceAll(/\$(\d+)/g, (_, number: string) => {
      most = Math.max(most, Number(number));
      return `$${before + Number(number)}`;
    });
    before += most;
    return `w${index} as (${text} returning 1)`;
  });
  return `with ${parts.join(", ")} select ${statements.map((_, index) => `(select count(*) from w${index}) as c${index}`).join(", ")}`;
}

/** Tells each how many rows it wrote. @param row the answer, its columns in the order of the statements */
export function tellCounts(statements: readonly Waiting[], row: Row): void {
  for (const [index, count] of Object.values(row).entries()) statements[index]!.written(count as number);
}
