/** Takes a new certificate without a restart: at SIGHUP, and by looking at its files now and then. */
import { closeSync, openSync } from "node:fs";
import { validity } from "../http/certificate.ts";
import type { Started } from "./runtime.ts";
import type { Terminal } from "./terminal.ts";

/** Milliseconds between two looks at the files: whoever renews them in a container can send no signal. */
const lookInterval = 60_000;
const day = 86_400_000;
/** Milliseconds before its end from which on a start speaks of it. */
const soon = 14 * day;

export interface Renewal {
  stop(): void;
}

/**
 * @param onError told of files that cannot be used; the server goes on with what it has
 * @param hangUp called when the terminal that this was started from is gone
 */
export function renewCertificates(
  started: Started,
  terminal: Terminal,
  onError: (error: unknown) => void,
  hangUp: () => void,
): Renewal {
  let refused = "";
  const look = async (): Promise<void> => {
    try {
      const renewed = started.tls.renew();
      refused = "";
      if (renewed === null) return;
      await started.renewCertificate(renewed);
      terminal.complain(`a new certificate serves from now on, until ${date(validity(renewed).until)}`);
    } catch (error) {
      // Half of a pair that is being replaced is told once, not every minute.
      const { message } = error as Error;
      if (message !== refused) onError(error);
      refused = message;
    }
  };
  const hasTerminal = process.stdin.isTTY === true;
  const onHangUp = (): void => {
    // The same signal means "your terminal is gone" and "read your files again" (signal(7); daemons' custom).
    if (hasTerminal && terminalIsGone()) return hangUp();
    refused = "";
    void look();
  };
  process.on("SIGHUP", onHangUp);
  const timer = setInterval(() => void look(), lookInterval).unref();
  return {
    stop() {
      process.off("SIGHUP", onHangUp);
      clearInterval(timer);
    },
  };
}

/** Says of a certificate that clients refuse, or will before long. @param now in milliseconds */
export function warnOfCertificate({ tls }: Started, file: string, now: number, terminal: Terminal): void {
  if (tls.current === null) return;
  const { from, until } = validity(tls.current);
  const remedy = "put a new one in its place: it is taken within a minute, or at once on SIGHUP";
  const warn = (text: string): void => terminal.complain(`${terminal.color.yellow("warning:")} ${text}`);
  if (until <= now) warn(`the certificate in ${file} has ended on ${date(until)} and clients refuse it; ${remedy}`);
  else if (from > now) warn(`the certificate in ${file} is valid from ${date(from)} on; before, clients refuse it`);
  else if (until - now < soon) warn(`the certificate in ${file} ends on ${date(until)}; ${remedy}`);
}

function date(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function terminalIsGone(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return false;
  } catch {
    return true;
  }
}
