import { openSync } from "node:fs";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { ReadStream, WriteStream } from "node:tty";

interface Keyboard {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  close(): void;
}

/**
 * Asks on the terminal for what must not be seen there: nothing that is typed is shown.
 *
 * @returns null where there is none
 */
export async function readHidden(question: string): Promise<string | null> {
  const keyboard = openKeyboard();
  if (keyboard === null) return null;
  const { input, output } = keyboard;
  output.write(question);
  // As a terminal readline takes the keys itself, and what it would show goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true });
  try {
    return await new Promise<string>((resolve) => {
      lines.once("line", resolve);
      // Interrupted, or at the end of the input: nothing was given.
      lines.once("SIGINT", () => resolve(""));
      lines.once("close", () => resolve(""));
    });
  } finally {
    lines.close();
    output.write("\n");
    keyboard.close();
  }
}

/** The terminal of the process, also where whoever runs it keeps its standard streams: SDKs do so with a credential_process. */
function openKeyboard(): Keyboard | null {
  const { stdin: input, stderr: output } = process;
  if (input.isTTY && output.isTTY) return { input, output, close: () => undefined };
  try {
    const keys = new ReadStream(openSync("/dev/tty", "r"));
    const screen = new WriteStream(openSync("/dev/tty", "w"));
    return {
      input: keys,
      output: screen,
      close: () => {
        keys.destroy();
        screen.end();
      },
    };
  } catch {
    // There is none; or, on Windows, none of this name.
    return input.isTTY ? { input, output, close: () => undefined } : null;
  }
}
