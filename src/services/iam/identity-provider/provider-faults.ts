import type { Fault } from "../../../contracts/fault.ts";
import { iamFault, invalidInput } from "../entity/faults.ts";

/** Refusals of the operations on identity providers. Those without a note were recorded from AWS (LocalStack, 2026). */

export function noSuchOidcProvider(arn: string): Fault {
  return iamFault("NoSuchEntity", `OpenIDConnect Provider not found for arn ${arn}`);
}

/** DeleteOpenIDConnectProvider says it otherwise. */
export function noOidcProviderToDelete(arn: string): Fault {
  return iamFault("NoSuchEntity", `OpenId connect Provider ${arn} cannot be found.`);
}

export function oidcProviderExists(url: string): Fault {
  return iamFault("EntityAlreadyExists", `Provider with url ${url} already exists.`);
}

/** It says fewer than five, and five are accepted. */
export function tooManyThumbprints(): Fault {
  return invalidInput("Thumbprint list must contain fewer than 5 entries.");
}

/** Observed on AWS, September 2026 (radkawar/stackd captures). */
export function noThumbprint(): Fault {
  return invalidInput("Thumbprint list must contain at least one entry.");
}

/** The same of all operations, DeleteSAMLProvider's too. */
export function noSuchSamlProvider(arn: string): Fault {
  return iamFault("NoSuchEntity", `Manifest not found for arn ${arn}`);
}

/** Seen in public logs. */
export function samlProviderExists(name: string): Fault {
  return iamFault("EntityAlreadyExists", `Provider with name ${name} already exists.`);
}

/** Observed on AWS, September 2026 (radkawar/stackd captures). */
export function unreadableMetadata(): Fault {
  return invalidInput("Could not parse metadata");
}

/** By analogy with metadata. */
export function unreadablePrivateKey(): Fault {
  return invalidInput("Could not parse private key");
}
