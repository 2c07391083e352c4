import { resolveSettings } from "../../config/index.ts";
import type { Command } from "../command.ts";
import { startFromSettings } from "../../launch/runtime.ts";
import type { Started } from "../../launch/runtime.ts";
import { exitCode } from "../../launch/terminal.ts";
import type { Terminal } from "../../launch/terminal.ts";
import type { Stage } from "./stage.ts";
import type { Step, StepReport } from "./step.ts";
import { runTour } from "./tour.ts";
import type { TourServer } from "./tour.ts";

const accountA = "111122223333";
const accounts = `${accountA}=A,444455556666=B,777788889999=C`;

export const tour: Command = {
  name: "tour",
  summary: "Tell the story of a role that is put on, on a server of its own, over real HTTP.",
  details: [
    "",
    "Starts an ephemeral server and the example service of examples/documents on free ports, and plays every step with",
    "the AWS SDK: what is done, the same with the aws CLI, what came back, and why. Nothing is left behind.",
  ],
  options: [],
  async run(_values, terminal) {
    // The SDK's advice about Node versions is for programs of its users, not for whoever reads the story.
    process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
    const started = await startOwnServer(terminal);
    try {
      const { passed, steps, left } = await runTour({ server: castOf(started), ...narrator(terminal) });
      terminal.print("");
      if (passed) terminal.print(`${steps.length} steps, all as told.`);
      else terminal.complain(`step ${steps.length} did not go as told; ${left} steps were left out`);
      return passed ? exitCode.done : exitCode.failed;
    } finally {
      await started.close();
    }
  },
};

/** Settings of the user's own are left aside: the story needs a server that is like every other. */
function startOwnServer(terminal: Terminal): Promise<Started> {
  const settings = {
    ...resolveSettings({
      flags: { ephemeral: true, port: "0", accounts },
      environment: {},
      cwd: terminal.cwd,
      withoutFile: true,
    }),
  };
  return startFromSettings(settings, { onError: (error) => terminal.complain(String(error)) });
}

function castOf({ server }: Started): TourServer {
  const account = (name: string) => {
    const { accountId, accessKeyId, secretAccessKey } = server.created.find(({ accountName }) => accountName === name)!;
    return { id: accountId, credentials: { accessKeyId, secretAccessKey } };
  };
  return { url: server.url, a: account("A"), b: account("B"), c: account("C") };
}

const width = 100;

function narrator(terminal: Terminal) {
  const { color } = terminal;
  let chapter = "";
  return {
    before(step: Step, number: number, stage: Stage): void {
      if (step.chapter !== chapter) {
        chapter = step.chapter;
        terminal.print("");
        terminal.print(color.bold(chapter));
      }
      terminal.print("");
      terminal.print(`${String(number).padStart(3)}. ${color.bold(step.title)}`);
      terminal.print(`     ${color.dim(`$ ${step.command(stage)}`)}`);
    },
    after(step: Step, report: StepReport): void {
      const mark = report.refused ? color.yellow("✗") : color.green("✓");
      terminal.print(`     ${mark} ${wrapped(report.outcome)}`);
      if (report.expected !== null) terminal.print(`     ${color.red(`not as told: expected ${report.expected}`)}`);
      terminal.print(`     ${wrapped(step.why)}`);
    },
  };
}

function wrapped(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line !== "" && line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n       ");
}
