/** What operations of credentials and providers are given: made for these tests, no secret of anybody. */
import { casesIn } from "./cases.ts";

interface Material {
  /** An RSA key of 2048 bits in the form of OpenSSH, with a comment. */
  readonly sshKey: string;
  /** Of a SAML identity provider, as long as the API asks. */
  readonly metadata: string;
}

export const material = casesIn<Material>("e2e/material.jsonl")[0]!;
