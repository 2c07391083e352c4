import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseIni } from "../../launch/ini.ts";
import { Profile } from "../../launch/profile.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { CommandError } from "../../launch/terminal.ts";
import type { Option, OptionValues } from "../command.ts";
import { endpointOptions, findEndpoint, findServer, fromEnvironment, serverOf } from "../endpoint.ts";
import { dataOptions, settingsFor } from "../options.ts";
import type { Endpoint } from "../post.ts";
import type { Assumption } from "./assumption.ts";

export const sourceOptions: readonly Option[] = [
  {
    name: "profile",
    placeholder: "NAME",
    describe: "Who assumes the role: a profile with an access key, of ~/.aws or of the data directory.",
  },
  ...endpointOptions,
];

/** The server, as whoever puts the role on; asked again whenever the role is, since credentials of a session end. */
export type Source = () => Promise<Endpoint>;

/**
 * Where the server is and who puts the role on. What the command line names wins; then the AWS variables, where
 * AWS_ENDPOINT_URL is among them, as `rolecall env`, `sign-in` and `exec` set them: whoever has signed in, or wears a role,
 * does not mean the administrator; then the administrator of the data directory.
 *
 * @throws CommandError that says what is missing
 */
export function findSource({ tokenFile }: Assumption, values: OptionValues, terminal: Terminal): Source {
  const { environment } = terminal;
  const profile = values["profile"];
  if (tokenFile !== undefined) return always(findServer(values, terminal));
  if (typeof profile === "string") return always(ofProfile(profile, values, terminal));
  const url = (values["endpoint-url"] as string | undefined) ?? environment["AWS_ENDPOINT_URL"];
  if (!url || values["data-dir"] !== undefined) return always(findEndpoint(values, terminal));
  if (environment["AWS_ACCESS_KEY_ID"]) return always(fromEnvironment(url, terminal));
  const container = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
  if (container) return ofContainer(container, serverOf(url, terminal), terminal);
  return always(findEndpoint(values, terminal));
}

function always(endpoint: Endpoint): Source {
  return async () => endpoint;
}

/** What the protocol of containers gives, as far as it is read. */
interface Served {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
}

/** What `rolecall exec` serves to its command, and agents of containers to theirs. */
function ofContainer(url: string, server: Endpoint, { environment }: Terminal): Source {
  const authorization = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"];
  return async () => {
    const { AccessKeyId, SecretAccessKey, Token } = await credentialsAt(url, authorization);
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
    return { ...server, credentials, source: `the credentials of ${url}` };
  };
}

/** @throws CommandError */
async function credentialsAt(url: string, authorization: string | undefined): Promise<Served> {
  try {
    const answer = await fetch(url, {
      headers: authorization ? { authorization } : {},
      signal: AbortSignal.timeout(5000),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return (await answer.json()) as Served;
  } catch (cause) {
    throw new CommandError(
      `AWS_CONTAINER_CREDENTIALS_FULL_URI (${url}) gives no credentials: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** @throws CommandError */
function ofProfile(name: string, values: OptionValues, terminal: Terminal): Endpoint {
  const { dataDir } = settingsFor(values, dataOptions, terminal);
  const own = new Profile(dataDir);
  const { credentials, config } = sharedFiles(terminal);
  const section = { ...sectionOf(config, name), ...sectionOf(credentials, name) };
  const [found, from] =
    section["aws_access_key_id"] === undefined
      ? [sectionOf(own.credentialsFile, name), own.credentialsFile]
      : [section, credentials];
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey, aws_session_token: token } = found;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CommandError(
      `the profile ${JSON.stringify(name)} has no access key in ${credentials}, ${config} or ${own.credentialsFile}: name one that has aws_access_key_id and aws_secret_access_key`,
    );
  }
  const url = terminal.environment["AWS_ENDPOINT_URL"] || section["endpoint_url"];
  const server = findServer(
    url && values["endpoint-url"] === undefined ? { ...values, "endpoint-url": url } : values,
    terminal,
  );
  return {
    ...server,
    region: section["region"] ?? server.region,
    credentials: { accessKeyId, secretAccessKey, ...(token === undefined ? {} : { sessionToken: token }) },
    source: `the profile ${name} of ${from}`,
  };
}

/** AWS's shared files, where they are for this environment (AWS SDKs Reference, "Location of the shared files"). */
export function sharedFiles({ environment }: Terminal): { readonly credentials: string; readonly config: string } {
  const home = join(environment["HOME"] || environment["USERPROFILE"] || homedir(), ".aws");
  return {
    credentials: environment["AWS_SHARED_CREDENTIALS_FILE"] || join(home, "credentials"),
    config: environment["AWS_CONFIG_FILE"] || join(home, "config"),
  };
}

/** Its values; none where file or profile is missing. A config file says `profile NAME` but for the default one. */
export function sectionOf(file: string, name: string): Readonly<Record<string, string>> {
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return {};
  }
  const sections = parseIni(text).filter((section) => section.name === name || section.name === `profile ${name}`);
  return Object.assign({}, ...sections.map(({ values }) => values)) as Record<string, string>;
}
