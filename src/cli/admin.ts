import { userInfo } from "node:os";
import { resolve } from "node:path";
import { isAccountId } from "../arn/arn.ts";
import type { Command, OptionValues } from "./command.ts";
import type { LossConfirmation } from "../launch/lost-master-key.ts";
import { settingsFor, storageOptions } from "./options.ts";
import { recoverAdministrator } from "../launch/recover.ts";
import { restoreFoundKey } from "../launch/restore.ts";
import { exitCode, jsonLine, UsageError } from "../launch/terminal.ts";

export const adminRecover: Command = {
  name: "admin recover",
  summary: "Make a new key for an account's administrator, offline, as owner of the data directory.",
  details: [
    "",
    "Makes the user administrator again if it is gone and attaches AdministratorAccess if it was detached. Needs the",
    "master key, and that no server runs on the data directory. Old keys stay as they are.",
    "",
    "With --new-master-key it goes on after the master key was lost: accounts, users, roles and policies stay; all access",
    "keys of all accounts and all sessions cannot be used any more, because nobody can open them. It asks which key is",
    'lost, says what is lost with it, and wants every node to have ended. Nothing is deleted: "rolecall admin restore"',
    "brings all of it back when the key is found. Run recover once more with --account for each other account's",
    "administrator.",
  ],
  options: [
    { name: "account", placeholder: "ACCOUNT", describe: "The account; without it, the first one." },
    { name: "root", placeholder: null, describe: "A key of the account's root instead; it is shown, not kept." },
    {
      name: "new-master-key",
      placeholder: null,
      describe: "The former master key is lost: go on with the present one, or a new one.",
    },
    { name: "lost-key", placeholder: "FINGERPRINT", describe: "Which master key is lost." },
    { name: "yes", placeholder: null, describe: "Give up what the lost key sealed; without it, that is only said." },
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
      loss: lossIn(values),
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

export const adminRestore: Command = {
  name: "admin restore",
  summary: "Take back what was sealed under a master key that was lost and is found.",
  details: [
    "",
    'Access keys and sessions of the time before "rolecall admin recover --new-master-key" are good again, and what was',
    "made since stays good. Needs the present master key as well, and that no server runs on the data directory.",
  ],
  options: [
    { name: "found-key", placeholder: "PATH", describe: "File with the master key that was found." },
    ...storageOptions,
  ],
  async run(values, terminal) {
    const file = values["found-key"] as string | undefined;
    if (file === undefined) throw new UsageError("--found-key: name the file with the master key that was found");
    const settings = settingsFor(values, storageOptions, terminal);
    const count = await restoreFoundKey(settings, resolve(terminal.cwd, file), login());
    terminal.print(
      `${count} ring keys are back: what they sealed is good again, and is sealed anew by the next server`,
    );
    return exitCode.done;
  },
};

function lossIn(values: OptionValues): LossConfirmation | null {
  const lostKey = values["lost-key"] as string | undefined;
  const agreed = values["yes"] === true;
  if (values["new-master-key"] === true) return { lostKey, agreed };
  if (lostKey !== undefined || agreed) throw new UsageError("--lost-key and --yes belong to --new-master-key");
  return null;
}

/** A container may run as a user that has no name. */
function login(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
