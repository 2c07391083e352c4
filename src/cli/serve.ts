import type { Settings } from "../config/index.ts";
import type { RequestLog } from "../observe/request-log.ts";
import { renewCertificates, warnOfCertificate } from "../launch/certificate-renewal.ts";
import type { Command } from "./command.ts";
import { greet } from "./greeting.ts";
import { createLog } from "../launch/log.ts";
import { settingOptions, settingsFor } from "./options.ts";
import { startFromSettings } from "../launch/runtime.ts";
import type { Started } from "../launch/runtime.ts";
import { explainStart } from "../launch/start-error.ts";
import type { Terminal } from "../launch/terminal.ts";
import { exitCode } from "../launch/terminal.ts";
import { tlsProblems } from "../launch/tls-files.ts";
import { authorityProblems } from "../launch/trusted-authorities.ts";
import { version } from "../launch/version.ts";

export const serve: Command = {
  name: "serve",
  summary: "Serve IAM and STS until SIGTERM or SIGINT.",
  details: [
    "",
    "Every option is also an environment variable and a key of the configuration file (JSON; `tls.cert` is",
    '{"tls": {"cert": …}}). A flag wins over the environment, the environment over the file.',
  ],
  options: settingOptions,
  async run(values, terminal) {
    const settings = settingsFor(values, settingOptions, terminal, (valueOf) => [
      ...tlsProblems(valueOf),
      ...authorityProblems(valueOf),
    ]);
    const log = createLog(settings);
    const started = await start(settings, log).catch((error: unknown) => {
      throw explainStart(error, settings);
    });
    const { stopped, stop } = stopSignal(terminal);
    const renewal = renewCertificates(started, terminal, (error) => log.error(error), stop);
    await greet(started, settings, version(), terminal);
    if (settings.tls !== null) warnOfCertificate(started, settings.tls.cert, Date.now(), terminal);
    await stopped;
    renewal.stop();
    await started.close();
    return exitCode.done;
  },
};

/** Who serves alone needs no code for several. */
async function start(settings: Settings, log: RequestLog): Promise<Started> {
  const onError = (error: unknown): void => log.error(error);
  if (settings.workers === 1)
    return startFromSettings(settings, { onError, requests: log, onIssuerFailure: log.issuer });
  const { startWithWorkers } = await import("../launch/workers/workers.ts");
  return startWithWorkers(settings, onError);
}

/** Milliseconds within which a second signal is the same one: on Ctrl-C the terminal sends it, and npm passes it on. */
const sameSignal = 500;

interface StopSignal {
  readonly stopped: Promise<void>;
  stop(): void;
}

/** Resolves at the first SIGTERM or SIGINT, or at `stop`; a second signal ends the process at once. */
function stopSignal(terminal: Terminal): StopSignal {
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
    let stoppedAt: number | null = null;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (stoppedAt !== null) {
        if (Date.now() - stoppedAt < sameSignal) return;
        // 128 + the signal's number: how shells tell such an end (POSIX, Shell Command Language 2.8.2).
        process.exit(signal === "SIGINT" ? 130 : 143);
      }
      stoppedAt = Date.now();
      terminal.complain(`${signal}: finishing the requests under way (again to end at once)`);
      resolve();
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
  });
  return { stopped, stop };
}
