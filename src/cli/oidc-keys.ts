import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { call } from "./client.ts";
import type { Endpoint } from "./post.ts";
import type { Command, OptionValues } from "./command.ts";
import { endpointOptions, findEndpoint } from "./endpoint.ts";
import { exitCode, InputError, jsonLine, UsageError } from "../launch/terminal.ts";
import type { Terminal } from "../launch/terminal.ts";

export const oidcKeys: Command = {
  name: "oidc keys",
  summary: "Give the keys of an OIDC issuer that the server cannot reach, show them, or remove them.",
  details: [
    "",
    "rolecall oidc keys set --provider ARN --file PATH takes the JWK Set that the issuer publishes: for a Kubernetes cluster,",
    "kubectl get --raw /openid/v1/jwks. The issuer is then never asked; after it has changed its keys, set the new ones.",
    "rolecall oidc keys remove: it is asked again.",
  ],
  options: [
    { name: "provider", placeholder: "ARN|URL", describe: "The ARN of the OIDC provider, or its issuer's URL." },
    { name: "file", placeholder: "PATH", describe: "The JWK Set to set; - reads standard input." },
    { name: "json", placeholder: null, describe: "One JSON object." },
    ...endpointOptions,
  ],
  words: { placeholder: "set|show|remove", most: 1 },
  async run(values, terminal, [word = "show"]) {
    const action = actions.get(word);
    if (action === undefined)
      throw new UsageError(`oidc keys takes set, show or remove, and not ${JSON.stringify(word)}`);
    const provider = values["provider"];
    if (typeof provider !== "string") throw new UsageError("--provider: name the OIDC provider by its ARN or its URL");
    if (word !== "set" && values["file"] !== undefined)
      throw new UsageError(`--file belongs to set, and not to ${word}`);
    await action({ provider, values, terminal, endpoint: findEndpoint(values, terminal) });
    return exitCode.done;
  },
};

interface Asked {
  readonly provider: string;
  readonly values: OptionValues;
  readonly terminal: Terminal;
  readonly endpoint: Endpoint;
}

const actions: ReadonlyMap<string, (asked: Asked) => Promise<void>> = new Map([
  ["set", set],
  ["show", show],
  ["remove", remove],
]);

async function set({ provider, values, terminal, endpoint }: Asked): Promise<void> {
  const answer = await call(endpoint, "PutOidcProviderKeys", {
    Provider: provider,
    Jwks: await jwksIn(values, terminal),
  });
  if (values["json"] === true) return terminal.print(jsonLine(answer));
  for (const { KeyId, Reason } of answer.Unused) terminal.complain(`not used: ${KeyId} ${Reason}`);
  for (const { KeyId, Type } of answer.ProviderKeys.Keys) terminal.print(`${Type.padEnd(8)}  ${KeyId}`);
}

/** @throws UsageError, InputError */
async function jwksIn(values: OptionValues, terminal: Terminal): Promise<string> {
  const file = values["file"];
  if (typeof file !== "string") throw new UsageError("--file: name the file with the issuer's JWK Set");
  if (file === "-") return terminal.readInput();
  try {
    return readFileSync(resolve(terminal.cwd, file), "utf8");
  } catch (error) {
    throw new InputError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function show({ provider, values, terminal, endpoint }: Asked): Promise<void> {
  const { ProviderKeys: found } = await call(endpoint, "GetOidcProviderKeys", { Provider: provider });
  if (values["json"] === true) return terminal.print(jsonLine({ ProviderKeys: found }));
  for (const { KeyId, Type } of found.Keys) terminal.print(`${Type.padEnd(8)}  ${KeyId}`);
  if (found.Keys.length === 0) terminal.complain("no keys were given: the issuer is asked for them");
}

async function remove({ provider, values, terminal, endpoint }: Asked): Promise<void> {
  await call(endpoint, "DeleteOidcProviderKeys", { Provider: provider });
  if (values["json"] === true) terminal.print(jsonLine({}));
  else terminal.print("keys      are removed: the issuer is asked for them");
}
