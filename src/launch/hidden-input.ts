import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/**
 * Asks on the terminal for what must not be seen there: nothing that is typed is shown.
 *
 * @returns null where standard input is no terminal
 */
export async function readHidden(question: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  process.stderr.write(question);
  // As a terminal readline takes the keys itself, and what it would show goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await new Promise<string>((resolve) => {
      lines.once("line", resolve);
      // Interrupted, or at the end of the input: nothing was given.
      lines.once("SIGINT", () => resolve(""));
      lines.once("close", () => resolve(""));
    });
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
