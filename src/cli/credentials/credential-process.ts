import { exitCode, jsonLine } from "../../launch/terminal.ts";
import type { Command } from "../command.ts";
import { assumptionOptions, readAssumption } from "./assumption.ts";
import { roleCredentials } from "./role-credentials.ts";
import { findSource, sourceOptions } from "./source.ts";

export const credentialProcess: Command = {
  name: "credential-process",
  summary: "Print a role's credentials for ~/.aws/config: credential_process = rolecall credential-process --role ARN.",
  details: [
    "",
    "One JSON object, as AWS SDKs and the aws CLI read it from a credential_process. They call it anew before it expires.",
    "Who puts the role on: --profile; the AWS variables, where AWS_ENDPOINT_URL is among them; or the administrator of the",
    "data directory: name it in full (--data-dir), as SDKs run this wherever they are. An MFA code is asked for on the",
    "terminal.",
  ],
  options: [...assumptionOptions, ...sourceOptions],
  async run(values, terminal, _words, repeated) {
    const assumption = await readAssumption("credential-process", values, repeated, terminal);
    const obtain = roleCredentials(assumption, findSource(assumption, values, terminal), terminal, false);
    const { Token: SessionToken, AccessKeyId, SecretAccessKey, Expiration, AccountId } = await obtain();
    terminal.print(jsonLine({ Version: 1, AccessKeyId, SecretAccessKey, SessionToken, Expiration, AccountId }));
    return exitCode.done;
  },
};
