import { sts } from "../../contracts/sts/contract.gen.ts";
import type { StsOperations } from "../../contracts/sts/types.gen.ts";
import type { Endpoint } from "../post.ts";
import { query } from "../query.ts";

/** The operations that give credentials and are called here. */
type Name = "AssumeRole" | "AssumeRoleWithWebIdentity" | "GetSessionToken";

/** What they answer, as far as it is read. */
export interface Issued {
  readonly Credentials: {
    readonly AccessKeyId: string;
    readonly SecretAccessKey: string;
    readonly SessionToken: string;
    /** Seconds since the epoch. */
    readonly Expiration: number;
  };
  /** Of the two that assume a role. */
  readonly AssumedRoleUser?: { readonly Arn: string };
}

/**
 * Calls STS by the query protocol, and reads its answer as JSON.
 *
 * @throws ServerFault with the way to learn why, where STS itself does not say it; CommandError when nobody answers
 */
export async function issue<N extends Name>(
  endpoint: Endpoint,
  name: N,
  input: StsOperations[N]["input"],
): Promise<Issued> {
  return (await query(endpoint, sts, name, input, whyOf)).output as Issued;
}

function whyOf(code: string, requestId: string): string {
  return refusals.has(code)
    ? `\nSTS tells no more than that. Whoever may explain the requests of the role's account sees why: rolecall explain --request ${requestId}`
    : "";
}

/** What a policy or a proof was not enough for. */
const refusals: ReadonlySet<string> = new Set([
  "AccessDenied",
  "InvalidIdentityToken",
  "IDPRejectedClaim",
  "IDPCommunicationError",
]);
