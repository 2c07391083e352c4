import { Fault } from "../contracts/fault.ts";

/** What AWS answers to credentials that nobody has, or has any more, whatever was wrong with them. */
export function invalidToken(cause?: unknown): Fault {
  return new Fault("InvalidClientTokenId", 403, "The security token included in the request is invalid.", { cause });
}
