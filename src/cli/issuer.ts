import { call } from "./client.ts";
import type { Command } from "./command.ts";
import { endpointOptions, findEndpoint } from "./endpoint.ts";
import type { RolecallOperations } from "../contracts/rolecall/contract.ts";
import type { Terminal } from "../launch/terminal.ts";
import { exitCode, jsonLine } from "../launch/terminal.ts";

const jsonOption = { name: "json", placeholder: null, describe: "One JSON object." };

type Published = RolecallOperations["ListIssuerKeys"]["output"];

export const issuerKeys: Command = {
  name: "issuer keys",
  summary: "List the keys by which services outside verify the account's tokens.",
  options: [jsonOption, ...endpointOptions],
  async run(values, terminal) {
    show(await call(findEndpoint(values, terminal), "ListIssuerKeys", {}), values["json"] === true, terminal);
    return exitCode.done;
  },
};

export const issuerRotate: Command = {
  name: "issuer rotate",
  summary: "Give the account's issuer of tokens new keys.",
  details: [
    "",
    "New keys are published at once and sign ten minutes later, when nobody can have kept what was published before. The",
    "former ones stay published until the last token that they signed has expired. Nobody who verifies has to do anything.",
  ],
  options: [
    {
      name: "revoke",
      placeholder: null,
      describe: "A key is in wrong hands: the former ones are published no more, and all their tokens end.",
    },
    jsonOption,
    ...endpointOptions,
  ],
  async run(values, terminal) {
    const rotated = await call(findEndpoint(values, terminal), "RotateIssuerKeys", {
      Revoke: values["revoke"] === true,
    });
    show(rotated, values["json"] === true, terminal);
    return exitCode.done;
  },
};

function show({ Issuer: issuer, IssuerKeys: keys }: Published, inJson: boolean, terminal: Terminal): void {
  if (inJson) {
    terminal.print(jsonLine({ Issuer: issuer, IssuerKeys: keys }));
    return;
  }
  terminal.print(issuer);
  for (const { KeyId: id, Algorithm: algorithm, State: state, SignsFrom: from } of keys) {
    terminal.print(`${id.padEnd(8)}  ${algorithm}  ${state.padEnd(9)}  signs from ${from.toISOString()}`);
  }
}
