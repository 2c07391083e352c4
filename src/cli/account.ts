import { isAccountId } from "../arn/arn.ts";
import { call } from "./client.ts";
import type { Command } from "./command.ts";
import { endpointOptions, findEndpoint } from "./endpoint.ts";
import { dataOptions, settingsFor } from "./options.ts";
import { Profile } from "../launch/profile.ts";
import { exitCode, jsonLine, UsageError } from "../launch/terminal.ts";

const jsonOption = { name: "json", placeholder: null, describe: "One JSON object." };

export const accountCreate: Command = {
  name: "account create",
  summary: "Make an account with an administrator; its key goes into the profile rolecall-ACCOUNT.",
  options: [
    { name: "name", placeholder: "NAME", describe: "The account's name." },
    { name: "email", placeholder: "ADDRESS", describe: "Its email address; no other account may have it." },
    { name: "id", placeholder: "ACCOUNT", describe: "Its id of twelve digits; a random one without it." },
    jsonOption,
    ...endpointOptions,
  ],
  async run(values, terminal) {
    const id = values["id"] as string | undefined;
    if (id !== undefined && !isAccountId(id)) throw new UsageError(`--id ${id}: an account id has twelve digits`);
    const endpoint = findEndpoint(values, terminal);
    const { Account: account, Administrator: administrator } = await call(endpoint, "CreateAccount", {
      Name: values["name"] as string | undefined,
      Email: values["email"] as string | undefined,
      AccountId: id,
    });
    // The secret is shown where no profile of ours can keep it.
    const profile =
      values["endpoint-url"] === undefined ? new Profile(settingsFor(values, dataOptions, terminal).dataDir) : null;
    const reach = profile?.reach() ?? null;
    const kept = profile !== null && reach !== null;
    if (kept) {
      const operator = profile.entry(undefined)?.accountId ?? null;
      const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = administrator;
      profile.put([{ accountId: account.AccountId, accessKeyId, secretAccessKey }], operator);
      profile.writeReach(reach);
    }
    if (values["json"] === true) {
      terminal.print(jsonLine({ Account: account, Administrator: administrator }));
      return exitCode.done;
    }
    terminal.print(`account   ${account.AccountId} (${account.Name})`);
    terminal.print(`user      ${administrator.UserName}, ${administrator.AccessKeyId}`);
    if (kept) terminal.print(`profile   rolecall-${account.AccountId} in ${profile.credentialsFile}`);
    else terminal.print(`secret    ${administrator.SecretAccessKey} (shown only now)`);
    return exitCode.done;
  },
};

export const accountList: Command = {
  name: "account list",
  summary: "List the server's accounts.",
  options: [jsonOption, ...endpointOptions],
  async run(values, terminal) {
    const endpoint = findEndpoint(values, terminal);
    const accounts = [];
    let next: string | undefined;
    do {
      const page = await call(endpoint, "ListAccounts", { MaxResults: 1000, NextToken: next });
      accounts.push(...page.Accounts);
      next = page.NextToken;
    } while (next !== undefined);
    if (values["json"] === true) {
      terminal.print(jsonLine({ Accounts: accounts }));
      return exitCode.done;
    }
    for (const account of accounts) {
      const parts = [account.AccountId, account.CreatedAt.toISOString().slice(0, 10), account.Name, account.Email];
      terminal.print(parts.filter((part) => part !== undefined).join("  "));
    }
    return exitCode.done;
  },
};
