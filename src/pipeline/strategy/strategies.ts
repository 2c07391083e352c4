import type { AuthType } from "../../contracts/model.ts";
import { password } from "./password.ts";
import { saml } from "./saml.ts";
import { sigv4 } from "./sigv4.ts";
import type { HeadProof, Strategy } from "./strategy.ts";
import { webIdentity } from "./web-identity.ts";

/**
 * How each kind of proof that a contract names is verified. A further kind does not compile without a row here; which
 * steps its requests take, and in which order, follows from the row (ways.ts).
 */
export const strategies: Readonly<Record<AuthType, Strategy>> = {
  sigv4,
  webIdentity,
  saml,
  bearer: { proof: "none yet" },
  x509: { proof: "none yet" },
  password,
  public: { proof: "none yet" },
};

/** Those that a head may carry the proof of. */
export const headProofs: readonly HeadProof[] = Object.values(strategies).filter(
  (strategy) => strategy.proof === "head",
);
