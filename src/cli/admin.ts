import { userInfo } from "node:os";
import { isAccountId } from "../arn/arn.ts";
import type { Command } from "./command.ts";
import { settingsFor, storageOptions } from "./options.ts";
import { recoverAdministrator } from "./recover.ts";
import { exitCode, jsonLine, UsageError } from "./terminal.ts";

export const adminRecover: Command = {
  name: "admin recover",
  summary: "Make a new key for an account's administrator, offline, as owner of the data directory.",
  details: [
    "",
    "Makes the user administrator again if it is gone and attaches AdministratorAccess if it was detached. Needs the",
    "master key, and that no server runs on the data directory. Old keys stay as they are.",
    "",
    "With --new-master-key it starts anew after the master key was lost: accounts, users, roles and policies stay; all",
    "access keys of all accounts and all sessions are gone, because nobody can open them. End every node first. Run it",
    "once more with --account for each other account's administrator.",
  ],
  options: [
    { name: "account", placeholder: "ACCOUNT", describe: "The account; without it, the first one." },
    { name: "root", placeholder: null, describe: "A key of the account's root instead; it is shown, not kept." },
    {
      name: "new-master-key",
      placeholder: null,
      describe: "The former master key is lost: drop all that it sealed and go on with the present one.",
    },
    { name: "json", placeholder: null, describe: "One JSON object, with the key." },
    ...storageOptions,
  ],
  async run(values, terminal) {
    const accountId = values["account"] as string | undefined;
    if (accountId !== undefined && !isAccountId(accountId)) {
      throw new UsageError(`--account ${accountId}: an account id has twelve digits`);
    }
    const root = values["root"] === true;
    const made = await recoverAdministrator(settingsFor(values, storageOptions, terminal), {
      accountId,
      root,
      newMasterKey: values["new-master-key"] === true,
      login: login(),
    });
    if (values["json"] === true) {
      const { accountId: AccountId, accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = made;
      terminal.print(jsonLine({ AccountId, UserName: made.userName, AccessKeyId, SecretAccessKey }));
      return exitCode.done;
    }
    terminal.print(`account   ${made.accountId}`);
    terminal.print(
      `${root ? "root     " : "user     "} ${made.userName ?? "of the account"}, new key ${made.accessKeyId}`,
    );
    if (made.credentialsFile === null) terminal.print(`secret    ${made.secretAccessKey} (shown only now)`);
    else terminal.print(`profile   ${made.credentialsFile}`);
    for (const note of made.notes) terminal.complain(`note: ${note}`);
    return exitCode.done;
  },
};

/** A container may run as a user that has no name. */
function login(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
