import { parseArn } from "../../arn/arn.ts";
import type { AuthType } from "../../contracts/model.ts";
import { refuseUnbuilt } from "../built.ts";
import { password } from "./password.ts";
import { sigv4 } from "./sigv4.ts";
import type { HeadProof, Strategy } from "./strategy.ts";

/**
 * How each kind of proof that a contract names is verified. A further kind does not compile without a row here; which
 * steps its requests take, and in which order, follows from the row (ways.ts).
 */
export const strategies: Readonly<Record<AuthType, Strategy>> = {
  sigv4,
  webIdentity: { proof: "input", claimedAccount: accountOfRole, authenticate: refuseUnbuilt },
  saml: { proof: "input", claimedAccount: accountOfRole, authenticate: refuseUnbuilt },
  bearer: { proof: "none yet" },
  x509: { proof: "none yet" },
  password,
  public: { proof: "none yet" },
};

/** Those that a head may carry the proof of. */
export const headProofs: readonly HeadProof[] = Object.values(strategies).filter(
  (strategy) => strategy.proof === "head",
);

/** The account of the role that is to be assumed. */
function accountOfRole({ RoleArn: arn }: { readonly RoleArn?: unknown }): string | undefined {
  return typeof arn === "string" ? parseArn(arn)?.account : undefined;
}
