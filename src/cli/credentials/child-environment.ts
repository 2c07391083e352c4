import type { Terminal } from "../../launch/terminal.ts";
import type { Endpoint } from "../post.ts";
import type { CredentialServer } from "./credential-server.ts";
import { sectionOf, sharedFiles } from "./source.ts";

/**
 * What SDKs look at before a container's credentials (AWS SDKs Reference, "Standardized credential providers"), and what
 * would lead them to another server with them.
 */
const winning = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_ACCOUNT_ID",
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_ENDPOINT_URL_IAM",
  "AWS_ENDPOINT_URL_STS",
];

/** What makes a profile give credentials. */
const giving = ["aws_access_key_id", "role_arn", "credential_process", "sso_session", "sso_start_url", "login_session"];

const emptyFile = process.platform === "win32" ? "NUL" : "/dev/null";

export interface ChildEnvironment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** What is not handed on, because it would win over the role's credentials: variables, and files. */
  readonly left: readonly string[];
}

/** The environment of a command that is to have the role's credentials and no other. */
export function childEnvironment(terminal: Terminal, endpoint: Endpoint, server: CredentialServer): ChildEnvironment {
  const { environment } = terminal;
  const removed = winning.filter((name) => environment[name] !== undefined);
  const { credentials, config } = sharedFiles(terminal);
  // The default profile is asked before a container: a file that has none stays.
  const hidden = [
    { file: credentials, variable: "AWS_SHARED_CREDENTIALS_FILE" },
    { file: config, variable: "AWS_CONFIG_FILE" },
  ].filter(({ file }) => giving.some((key) => sectionOf(file, "default")[key] !== undefined));
  const { caFile, region, url } = endpoint;
  return {
    variables: {
      ...Object.fromEntries(Object.entries(environment).filter(([name]) => !winning.includes(name))),
      ...Object.fromEntries(hidden.map(({ variable }) => [variable, emptyFile])),
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      // The aws CLI's first version knows the region by this name only.
      AWS_DEFAULT_REGION: region,
      ...(caFile === undefined ? {} : { AWS_CA_BUNDLE: caFile, NODE_EXTRA_CA_CERTS: caFile }),
      AWS_CONTAINER_CREDENTIALS_FULL_URI: server.url,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: server.token,
    },
    left: [...removed, ...hidden.map(({ file }) => `the default profile of ${file}`)],
  };
}
