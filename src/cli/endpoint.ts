import type { Endpoint } from "./post.ts";
import type { Option, OptionValues } from "./command.ts";
import { dataOptions, settingsFor } from "./options.ts";
import { Profile } from "../launch/profile.ts";
import type { Terminal } from "../launch/terminal.ts";
import { CommandError } from "../launch/terminal.ts";

/** Options of every command that asks a running server. */
export const endpointOptions: readonly Option[] = [
  ...dataOptions,
  {
    name: "endpoint-url",
    placeholder: "URL",
    describe: "Ask this server, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the environment.",
  },
];

/**
 * The server of the data directory, as the operator's administrator; without a data directory, the one that the AWS
 * variables of the environment name.
 *
 * @throws CommandError when neither is there
 */
export function findEndpoint(values: OptionValues, terminal: Terminal): Endpoint {
  const named = values["endpoint-url"];
  if (typeof named === "string") return fromEnvironment(named, terminal);
  const settings = settingsFor(values, dataOptions, terminal);
  const profile = new Profile(settings.dataDir);
  const [entry, reach] = [profile.entry(undefined), profile.reach()];
  if (entry !== undefined && reach !== null) {
    return {
      url: reach.url,
      region: reach.region,
      credentials: { accessKeyId: entry.accessKeyId, secretAccessKey: entry.secretAccessKey },
      caFile: reach.caBundle ?? undefined,
      source: profile.credentialsFile,
    };
  }
  const url = terminal.environment["AWS_ENDPOINT_URL"];
  // A data directory that was named is the one that was meant.
  if (values["data-dir"] === undefined && url !== undefined && url !== "") return fromEnvironment(url, terminal);
  throw new CommandError(
    `there is no AWS profile of rolecall in ${settings.dataDir}: start a server there with "rolecall serve", name its data directory (--data-dir), or its URL (--endpoint-url) with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment`,
  );
}

/**
 * The same server for what needs no credentials.
 *
 * @throws CommandError where none is named
 */
export function findServer(values: OptionValues, terminal: Terminal): Endpoint {
  const named = values["endpoint-url"];
  if (typeof named === "string") return serverOf(named, terminal);
  const { dataDir } = settingsFor(values, dataOptions, terminal);
  const reach = new Profile(dataDir).reach();
  if (reach !== null) {
    const { url, region, caBundle } = reach;
    return { url, region, credentials: null, caFile: caBundle ?? undefined, source: "no credentials" };
  }
  const url = terminal.environment["AWS_ENDPOINT_URL"];
  if (values["data-dir"] === undefined && url !== undefined && url !== "") return serverOf(url, terminal);
  throw new CommandError(
    `no server has been started with the data directory ${dataDir}: name another one (--data-dir), or the server's URL (--endpoint-url)`,
  );
}

/** Whoever the AWS variables are, at this URL. @throws CommandError */
export function fromEnvironment(url: string, terminal: Terminal): Endpoint {
  const { environment } = terminal;
  const accessKeyId = environment["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = environment["AWS_SECRET_ACCESS_KEY"];
  const sessionToken = environment["AWS_SESSION_TOKEN"];
  const server = serverOf(url, terminal);
  if (!accessKeyId || !secretAccessKey) {
    throw new CommandError(`to ask ${url}, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`);
  }
  return {
    ...server,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    source: "the credentials of the environment",
  };
}

/** The server at this URL. @throws CommandError */
export function serverOf(url: string, { environment }: Terminal): Endpoint {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new CommandError(`${JSON.stringify(url)} is not the URL of a server, such as http://127.0.0.1:7653`);
  }
  const bundle = environment["AWS_CA_BUNDLE"];
  return {
    url,
    region: environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"] || "us-east-1",
    credentials: null,
    caFile: bundle ? bundle : undefined,
    source: "no credentials",
  };
}
