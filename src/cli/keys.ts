import { call } from "./client.ts";
import type { Command } from "./command.ts";
import { endpointOptions, findEndpoint } from "./endpoint.ts";
import { exitCode, jsonLine, UsageError } from "../launch/terminal.ts";

const jsonOption = { name: "json", placeholder: null, describe: "One JSON object." };

export const keysRotate: Command = {
  name: "keys rotate",
  summary: "Give both key rings a new key, while the server serves.",
  details: [
    "",
    "A new key is first distributed to all nodes, then seals, while the former one still opens what it sealed. The former",
    "key for tokens goes after the longest session (36 hours), the one for secrets once all secrets are sealed anew.",
  ],
  options: [
    {
      name: "ring",
      placeholder: "RING",
      describe: "Only this one: tokens (sessions) or secrets (access keys at rest).",
    },
    jsonOption,
    ...endpointOptions,
  ],
  async run(values, terminal) {
    const ring = values["ring"];
    if (ring !== undefined && ring !== "tokens" && ring !== "secrets") {
      throw new UsageError(`--ring ${String(ring)}: there are the rings tokens and secrets`);
    }
    const { KeyIds: made } = await call(findEndpoint(values, terminal), "RotateKeys", { Ring: ring });
    if (values["json"] === true) {
      terminal.print(jsonLine({ KeyIds: made }));
      return exitCode.done;
    }
    for (const [index, name] of (ring === undefined ? ["tokens", "secrets"] : [ring]).entries()) {
      terminal.print(`${name.padEnd(8)} new key ${made[index]}`);
    }
    terminal.print('"rolecall keys list" shows when they seal and the former ones are gone.');
    return exitCode.done;
  },
};

export const keysList: Command = {
  name: "keys list",
  summary: "List the keys of both rings: which seals, which only opens, how often each has sealed.",
  options: [jsonOption, ...endpointOptions],
  async run(values, terminal) {
    const { Keys: keys } = await call(findEndpoint(values, terminal), "ListKeys", {});
    if (values["json"] === true) {
      terminal.print(jsonLine({ Keys: keys }));
      return exitCode.done;
    }
    for (const { Ring: ring, KeyId: id, State: state, ChangedAt: since, Seals: seals } of keys) {
      const parts = [ring.padEnd(8), id, state.padEnd(11), `since ${since.toISOString()}`, `${seals} seals`];
      terminal.print(parts.join("  "));
    }
    return exitCode.done;
  },
};
