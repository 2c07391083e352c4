import type { Settings } from "../config/index.ts";
import { WrongMasterKeyError } from "../seal/errors.ts";
import { Unavailable } from "../store/errors.ts";
import { CommandError } from "./terminal.ts";

/** Says of a failed start what a person can do; what is unknown goes through as it is. */
export function explainStart(error: unknown, settings: Settings): unknown {
  if (!(error instanceof Error)) return error;
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  const where = `${address ?? settings.host}:${port ?? settings.port}`;
  const flag = port !== undefined && port === settings.metricsPort ? "metrics-port" : "port";
  switch (code) {
    case "EADDRINUSE":
      return new CommandError(
        `${where} is taken by another program: end that one, or choose another port (--${flag} 0 takes a free one)`,
        { cause: error },
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new CommandError(
        `${settings.host} is no address of this machine: give one with --host (127.0.0.1, or 0.0.0.0 for all)`,
        { cause: error },
      );
    case "EACCES":
    case "EROFS":
      return new CommandError(`${error.message}: check who may use it, or choose another port or data directory`, {
        cause: error,
      });
  }
  if (error instanceof Unavailable && settings.database !== null) {
    const { host, pathname } = new URL(settings.database);
    return new CommandError(
      `the database ${host}${pathname} cannot be used (${error.message}): check that it runs and that the URL names it`,
      { cause: error },
    );
  }
  if (error instanceof WrongMasterKeyError) {
    return new CommandError(
      `${error.message}. If it is lost for good: accounts, users, roles and policies are not sealed and stay; access ` +
        `keys and sessions cannot be opened any more. "rolecall admin recover --new-master-key" drops those, seals ` +
        "with the present master key from then on, and makes a new key for the administrator",
      { cause: error },
    );
  }
  if (error.message.startsWith("the data directory ")) {
    return new CommandError(`${error.message}: end that one, or give this one another (--data-dir)`, { cause: error });
  }
  return error;
}
