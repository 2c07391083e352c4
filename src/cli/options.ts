import type { FurtherCheck, Settings } from "../config/index.ts";
import { allDeclarations, environmentName, flagName, resolveSettings } from "../config/index.ts";
import type { Option, OptionValues } from "./command.ts";
import type { Terminal } from "../launch/terminal.ts";

export const configOption: Option = {
  name: "config",
  placeholder: "PATH",
  describe: "Configuration file; without it ./rolecall.json where there is one. ROLECALL_CONFIG",
};

/** Every setting as an option of `serve`. */
export const settingOptions: readonly Option[] = [
  configOption,
  ...allDeclarations
    .filter(({ sources }) => sources.flag)
    .map(({ key, kind, describe, fallback }) => ({
      name: flagName(key),
      placeholder: kind.placeholder,
      describe: `${describe}${shownDefault(fallback)} ${environmentName(key)}`,
    })),
];

/** The settings by which a command finds the data of a server. */
export const dataOptions: readonly Option[] = settingOptions.filter(({ name }) =>
  ["config", "data-dir"].includes(name),
);

/** The settings that an offline command needs to open the data itself. */
export const storageOptions: readonly Option[] = settingOptions.filter(({ name }) =>
  ["config", "data-dir", "database", "master-key-file"].includes(name),
);

/**
 * @param options which of the values are settings: a command may have options of its own of the same name
 * @param furtherCheck what this command needs of them besides
 * @throws ConfigurationError
 */
export function settingsFor(
  values: OptionValues,
  options: readonly Option[],
  terminal: Terminal,
  furtherCheck?: FurtherCheck,
): Settings {
  const flags = Object.fromEntries(options.map(({ name }) => [name, values[name]]));
  return resolveSettings({ flags, environment: terminal.environment, cwd: terminal.cwd, furtherCheck });
}

function shownDefault(fallback: unknown): string {
  const shown = typeof fallback === "string" || typeof fallback === "number";
  return shown ? ` Default: ${String(fallback)}.` : "";
}
