import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { OperationContext } from "../../operation/context.ts";
import { parseSshPublicKey, sha256Fingerprint } from "../../session/ssh-public-key.ts";
import * as sshPublicKeys from "../../store/iam/ssh-public-keys.ts";
import type { Fingerprint, SshPublicKeyRecord } from "../../store/iam/ssh-public-keys.ts";
import * as users from "../../store/iam/users.ts";
import type { UserRecord } from "../../store/iam/users.ts";
import { ofSshKey, refusalOf } from "./user-credential.ts";
import type { Judged } from "./user-credential.ts";

type Question = RolecallOperations["Authenticate"]["input"];

/** How many holders of one key are told. */
const mostHolders = 100;
/** How many keys are looked at: more than an account has users. */
const mostKeys = 100_000;

/**
 * By an SSH key that the service has verified the possession of. Only users of the service's own account: a key is
 * public, so whose it is would be told to whoever has seen it.
 */
export async function judgeSshKey(input: Question, context: OperationContext): Promise<Judged> {
  const print = fingerprintOf(input.SshKey!);
  const found = print === null ? [] : await keysWith(print, input, context);
  const usable = found.filter((key) => refusalOf(ofSshKey(key), context.request.now) === null);
  if (usable.length > 1)
    return { credential: null, refusal: "ambiguous", holders: usable.slice(0, mostHolders).map(ofSshKey) };
  const [key] = usable.length === 1 ? usable : found;
  if (key === undefined) return { credential: null, refusal: "unknown" };
  const credential = ofSshKey(key);
  return { credential, refusal: refusalOf(credential, context.request.now) };
}

/** Null for what is neither a fingerprint nor a key that IAM takes. */
function fingerprintOf(text: string): Fingerprint | null {
  const [, sha256] = /^SHA256:([A-Za-z0-9+/]{43})=?$/.exec(text) ?? [];
  if (sha256 !== undefined) return { sha256 };
  const [, md5] = /^(?:MD5:)?((?:[0-9a-fA-F]{2}:){15}[0-9a-fA-F]{2})$/.exec(text) ?? [];
  if (md5 !== undefined) return { md5: md5.toLowerCase() };
  const key = parseSshPublicKey(text);
  return key === null ? null : { sha256: sha256Fingerprint(key.blob) };
}

/** Those of the account's users, or of the one that the service names; by id. */
async function keysWith(print: Fingerprint, input: Question, context: OperationContext): Promise<SshPublicKeyRecord[]> {
  const { tx, account } = context;
  const user = input.UserName === undefined ? undefined : await users.byName(tx, account, input.UserName);
  if (user === null) return [];
  const keys = await candidates(print, input, user, context);
  return keys.filter(
    (key) => key.account === account && (user === undefined || key.ownerId === user.id) && hasPrint(key, print),
  );
}

async function candidates(
  print: Fingerprint,
  { SshPublicKeyId: id }: Question,
  user: UserRecord | undefined,
  { tx, account }: OperationContext,
): Promise<SshPublicKeyRecord[]> {
  if (id !== undefined) {
    const key = await sshPublicKeys.byId(tx, id);
    return key === null ? [] : [key];
  }
  if (user !== undefined) return sshPublicKeys.listByOwner(tx, user.id, { limit: mostKeys });
  return sshPublicKeys.withFingerprint(tx, account, print, mostKeys);
}

function hasPrint(key: SshPublicKeyRecord, print: Fingerprint): boolean {
  return "sha256" in print ? key.sha256 === print.sha256 : key.md5 === print.md5;
}
