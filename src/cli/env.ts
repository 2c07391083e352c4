import { isAccountId } from "../arn/arn.ts";
import type { Command } from "./command.ts";
import { dataOptions, settingsFor } from "./options.ts";
import { Profile } from "../launch/profile.ts";
import { CommandError, exitCode, jsonLine, shellWord, UsageError } from "../launch/terminal.ts";

export const env: Command = {
  name: "env",
  summary: 'Print the administrator\'s AWS variables for a shell: eval "$(rolecall env)".',
  options: [
    { name: "account", placeholder: "ACCOUNT", describe: "The account; without it, the first one." },
    { name: "json", placeholder: null, describe: "One JSON object, with AccountId." },
    ...dataOptions,
  ],
  async run(values, terminal) {
    const account = values["account"] as string | undefined;
    if (account !== undefined && !isAccountId(account)) {
      throw new UsageError(`--account ${account}: an account id has twelve digits`);
    }
    const { dataDir, ephemeral } = settingsFor(values, dataOptions, terminal);
    if (ephemeral) {
      throw new CommandError(
        "an ephemeral server writes no profile: paste what it prints at its start, or give it a key (--admin-access-key-id)",
      );
    }
    const profile = new Profile(dataDir);
    const [entry, reach] = [profile.entry(account), profile.reach()];
    if (reach === null) {
      throw new CommandError(
        `no server has been started with the data directory ${dataDir}: start one with "rolecall serve", or name another (--data-dir)`,
      );
    }
    if (entry === undefined) {
      const wanted = account === undefined ? "the first account" : `account ${account}`;
      throw new CommandError(
        `${profile.credentialsFile} has no administrator of ${wanted}: "rolecall account list" shows the accounts, "rolecall admin recover" makes an administrator's key`,
      );
    }
    const variables: Record<string, string> = {
      AWS_ENDPOINT_URL: reach.url,
      AWS_ACCESS_KEY_ID: entry.accessKeyId,
      AWS_SECRET_ACCESS_KEY: entry.secretAccessKey,
      AWS_REGION: reach.region,
      ...(reach.caBundle === null ? {} : { AWS_CA_BUNDLE: reach.caBundle }),
    };
    if (values["json"] === true) {
      terminal.print(jsonLine({ ...variables, AccountId: entry.accountId }));
      return exitCode.done;
    }
    // A token left over from a role would be sent along with the administrator's key, and refused.
    if (terminal.environment["AWS_SESSION_TOKEN"] !== undefined) terminal.print("unset AWS_SESSION_TOKEN");
    // A profile of another file would be looked for, and not found.
    if (terminal.environment["AWS_PROFILE"] !== undefined) terminal.print("unset AWS_PROFILE");
    // The aws CLI's first version knows the region by this name only.
    const all = { ...variables, AWS_DEFAULT_REGION: reach.region };
    for (const [name, value] of Object.entries(all)) terminal.print(`export ${name}=${shellWord(value)}`);
    return exitCode.done;
  },
};
