import { isIP } from "node:net";
import type { Reach } from "./address.ts";
import { reachOf } from "./address.ts";

/** A host of the operator's own that issuers may be at; of all its ports where `port` is null. */
export interface PrivateIssuer {
  /** A name in lower case, or an address without brackets. */
  readonly host: string;
  readonly port: number | null;
}

/**
 * Whether a host may be reached at an address. A name leads to private addresses where the operator has named it; to
 * reserved ones, metadata among them, only an address leads that was named itself, because what a name stands for is for
 * somebody else to say.
 *
 * @param host as the URL has it, without brackets. @param address what is connected to
 */
export function mayReach(
  privateIssuers: readonly PrivateIssuer[],
  { host, port }: { readonly host: string; readonly port: number },
  address: string,
): boolean {
  const reach: Reach = reachOf(address);
  if (reach === "public") return true;
  const isNamed = privateIssuers.some(
    (issuer) => issuer.host === host.toLowerCase() && (issuer.port === null || issuer.port === port),
  );
  return isNamed && (reach === "private" || isIP(host) !== 0);
}
