/** A document back to JSON text, with the elements in the order of the policy grammar. */
import type { PolicyDocument, Statement } from "./document.ts";

/**
 * Prints a document so that `parse` gives the same document. Lists stay lists, and numbers and booleans of conditions
 * become strings, which mean the same (IAM User Guide, reference_policies_grammar). The text that a client wrote is kept
 * elsewhere: this is for documents that were made or changed by a program.
 */
export function print(document: PolicyDocument, indent = 0): string {
  const { version, id, statements } = document;
  return JSON.stringify({ Version: version, Id: id, Statement: statements.map(elementsOf) }, null, indent);
}

/** The same in as few characters as there can be: a list of one is the one. */
export function printShort({ version, id, statements }: PolicyDocument): string {
  const elements = { Version: version, Id: id, Statement: statements.map(elementsOf) };
  return JSON.stringify(elements, (name, value: unknown) =>
    name !== "Statement" && Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value,
  );
}

function elementsOf(statement: Statement): Record<string, unknown> {
  return {
    Sid: statement.sid,
    Effect: statement.effect,
    Principal: statement.principal,
    NotPrincipal: statement.notPrincipal,
    Action: statement.action,
    NotAction: statement.notAction,
    Resource: statement.resource,
    NotResource: statement.notResource,
    Condition: conditionOf(statement),
  };
}

/** Objects without a prototype, so that a key such as `__proto__` is a key like others. */
function conditionOf({ condition }: Statement): Record<string, Record<string, readonly string[]>> | undefined {
  if (condition === undefined) return undefined;
  const operators = Object.create(null) as Record<string, Record<string, readonly string[]>>;
  for (const { operator, key, values } of condition) {
    operators[operator] ??= Object.create(null) as Record<string, readonly string[]>;
    operators[operator][key] = values;
  }
  return operators;
}
