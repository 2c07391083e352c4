import { Fault } from "../contracts/fault.ts";

/**
 * A refusal of credentials. Whose they are is for the trail alone: the client is told nothing of it, nor is it proven that
 * whoever sent them had them.
 */
export class CredentialFault extends Fault {
  /** Undefined where nobody has such credentials. */
  readonly account: string | undefined;

  constructor(code: string, message: string, account: string | undefined, options?: { cause?: unknown }) {
    super(code, 403, message, options);
    this.account = account;
  }
}

/** What AWS answers to credentials that nobody has, or has any more, whatever was wrong with them. */
export function invalidToken(account?: string, cause?: unknown): Fault {
  const message = "The security token included in the request is invalid.";
  return new CredentialFault("InvalidClientTokenId", message, account, { cause });
}

export function expiredToken(account: string): Fault {
  return new CredentialFault("ExpiredToken", "The security token included in the request is expired", account);
}
