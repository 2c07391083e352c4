import type { Terminal } from "../../launch/terminal.ts";
import { UsageError } from "../../launch/terminal.ts";
import { visible } from "../../text/visible.ts";
import type { Command } from "../command.ts";
import { assumptionOptions, readAssumption } from "./assumption.ts";
import { childEnvironment } from "./child-environment.ts";
import { NotStarted, runChild } from "./child.ts";
import { serveCredentials } from "./credential-server.ts";
import { KeptCredentials } from "./kept-credentials.ts";
import { roleCredentials } from "./role-credentials.ts";
import { findSource, sourceOptions } from "./source.ts";

export const exec: Command = {
  name: "exec",
  summary: "Run a command as a role: rolecall exec --role ARN -- aws sts get-caller-identity.",
  details: [
    "",
    "The command and what it starts get the role's credentials from this process, over the protocol that AWS SDKs know from",
    "containers; they are renewed before they end, and are on no disk and in no variable. They end with the command.",
    "AWS variables and a default profile that SDKs would prefer to them are not handed on, which is said.",
    "",
    "Who puts the role on: --profile; the AWS variables, where AWS_ENDPOINT_URL is among them; or the administrator of the",
    "data directory. With --mfa-serial the code goes into a session of your own, from which the role can be renewed, for",
    "roles of at most an hour. Exit code: the command's; 128 and its number where a signal ended it; 126 or 127 where it",
    "cannot be run.",
  ],
  options: [...assumptionOptions, ...sourceOptions],
  words: { placeholder: "-- COMMAND", most: Number.MAX_SAFE_INTEGER, behindDashes: true },
  async run(values, terminal, words, repeated) {
    if (words.length === 0) throw new UsageError("exec needs a command: rolecall exec --role ARN -- COMMAND");
    const assumption = await readAssumption("exec", values, repeated, terminal);
    const source = findSource(assumption, values, terminal);
    const obtain = roleCredentials(assumption, source, terminal, true);
    const kept = new KeptCredentials(obtain, Date.now, (error) => complain(error, terminal));
    // What is refused is said before anything is run.
    await kept.get();
    const server = await serveCredentials(() => kept.get());
    try {
      const { variables, left } = childEnvironment(terminal, await source(), server);
      if (left.length > 0) {
        terminal.complain(
          `rolecall: the command has the role's credentials; not handed on: ${visible(left.join(", "))}`,
        );
      }
      return await runChild(words, variables);
    } catch (error) {
      if (!(error instanceof NotStarted)) throw error;
      terminal.complain(`rolecall: ${visible(error.message)}`);
      return error.exitCode;
    } finally {
      await server.close();
    }
  },
};

function complain(error: unknown, terminal: Terminal): void {
  const why = error instanceof Error ? error.message : String(error);
  terminal.complain(`rolecall: the role's credentials could not be renewed: ${visible(why)}`);
}
