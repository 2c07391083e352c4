/**
 * The context keys that a service outside says of the request it received: which it may say at all
 * (policy/context-key.ts). Whatever it says lies under what rolecall knows (authorization/context-keys.ts); but a key
 * that is absent means something too, such as a session without MFA, and must not be filled by anybody else.
 */
import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import { knownContextKey, ownNamespaces } from "../../policy/context-key.ts";
import { foldName } from "../../policy/name.ts";
import type { ContextValue } from "../../policy/types.ts";
import { validation } from "./faults.ts";

type Given = NonNullable<RolecallOperations["Authorize"]["input"]["Context"]>;
type GivenTags = NonNullable<RolecallOperations["Authorize"]["input"]["ResourceTags"]>;

/** Others' keys cannot be mistaken for these. */
const reserved: ReadonlySet<string> = new Set(ownNamespaces);

/** A key of a service: claims of identity providers begin with the name of a host (`accounts.google.com:sub`). */
const ofService = /^[a-z0-9-]+:/;

/**
 * What a service says of its request, by folded name.
 * @throws Fault ValidationException that names a key which is not the service's to say, or stands there twice
 */
export function givenContext(entries: Given): ReadonlyMap<string, ContextValue> {
  const given = new Map<string, ContextValue>();
  const seen = new Set<string>();
  for (const { Key: key, Values: values } of entries) {
    const name = foldName(key);
    if (seen.has(name)) throw validation(`The context key ${key} is given twice: its case makes no difference.`);
    seen.add(name);
    requireOpen(name, key, values.length);
    if (values.length > 0) given.set(name, values.length === 1 ? values[0]! : values);
  }
  return given;
}

function requireOpen(name: string, key: string, values: number): void {
  const colon = name.indexOf(":");
  if (colon < 0 || (ofService.test(name) && !reserved.has(name.slice(0, colon)))) return;
  const row = knownContextKey(name);
  const open = row?.setBy === "service" || row?.setBy === "rolecall or service";
  if (!open) throw validation(`The context key ${key} is rolecall's to fill: leave it out.`);
  if (row.values === "one" && values > 1) throw validation(`The context key ${key} has one value, not ${values}.`);
}

/**
 * Two tags of one key, or of keys that differ in case alone, would leave it open which of them aws:ResourceTag means.
 * @throws Fault ValidationException
 */
export function requireDistinctTags(tags: GivenTags): void {
  const seen = new Set<string>();
  for (const { Key: key } of tags) {
    const name = foldName(key);
    if (seen.has(name)) throw validation(`The resource tag ${key} is given twice: its case makes no difference.`);
    seen.add(name);
  }
}
