/** The keys of the account's own issuer, by which services outside verify its tokens. */
import { structure } from "../value-of.ts";
import { instant, text } from "./values.ts";

export const issuerKey = structure({
  /** As tokens name it. */
  KeyId: text,
  Algorithm: { type: "string", enum: ["RS256", "ES384"] },
  /** `Published` before it signs, `Former` after: until the last token that it signed has expired. */
  State: { type: "string", enum: ["Published", "Signing", "Former"] },
  SignsFrom: instant,
});
