import colors from "picocolors";
import { describe, expect, test } from "vitest";
import { guarded } from "../../src/launch/terminal.ts";
import { eventLine, parseEvent } from "../../src/cli/trail-line.ts";
import { ServerFault } from "../../src/cli/post.ts";
import { visible } from "../../src/text/visible.ts";
import { Recorder } from "../harness/cli.ts";

const override = "\u202E\u2066\u2028\u{E0041}\uFE0F\u200B\u009B\u001B[2J\n";

/** A record whose every text is a stranger's. */
function record(text: string): string {
  return JSON.stringify({
    eventTime: text,
    eventSource: text,
    eventName: text,
    userAgent: text,
    errorCode: text,
    errorMessage: text,
    requestID: text,
    recipientAccountId: text,
    userIdentity: { type: text, arn: `a:b:c:d:e:${text}`, sessionContext: { sourceIdentity: text } },
    requestParameters: { roleArn: text, roleName: text },
    additionalEventData: { hats: { originArn: text } },
  });
}

describe("what strangers wrote", () => {
  const plain = colors.createColors(false);

  test.each([
    ["in a record", record(override)],
    ["in what an Authorize asked", record(override).replace('"eventName":', '"eventName":"Authorize","was":')],
  ])("does not steer the terminal: %s", (_name, text) => {
    const line = eventLine(parseEvent(text), plain);
    expect(visible(line)).toBe(line);
    expect(line).toContain("\\u{202E}");
  });

  test("does not fill it", () => {
    for (const text of ["x", "\u202E", "\uD800", "\u{E0041}"]) {
      expect(eventLine(parseEvent(record(text.repeat(100_000))), plain).length).toBeLessThan(5000);
    }
  });

  test("a server's fault is one line of a length", () => {
    const { message } = new ServerFault("AccessDenied", `${override}${"x".repeat(1_000_000)}`);
    expect(visible(message)).toBe(message);
    expect(message.length).toBeLessThan(5000);
  });

  test("nothing that any command prints steers the terminal; styles and line breaks are our own", () => {
    const outside = new Recorder("/");
    const terminal = guarded({ ...outside, color: colors.createColors(true), ...bound(outside) });
    terminal.print(`${terminal.color.red("refused")}\nnext \u001B[2J\u001B]0;title\u0007\u202E`);
    terminal.complain("\u001B[8mhidden");
    expect(outside.out).toBe("\u001B[31mrefused\u001B[39m\nnext \\u{1B}[2J\\u{1B}]0;title\\u{7}\\u{202E}\n");
    expect(outside.err).toBe("\\u{1B}[8mhidden\n");
    guarded(outside).print("\u001B[31mred");
    expect(outside.out).toContain("\\u{1B}[31mred\n");
  });
});

function bound(outside: Recorder) {
  return {
    print: (line: string) => outside.print(line),
    complain: (line: string) => outside.complain(line),
    readInput: () => outside.readInput(),
    readSecret: (question: string) => outside.readSecret(question),
  };
}
