import type { SamlProviderRecord } from "../../store/iam/saml-providers.ts";

/** What an assertion is shown for. */
export interface AboutAssertion {
  /** Of the role: its provider is one of the same account. */
  readonly account: string;
  readonly partition: string;
  readonly roleArn: string;
  readonly principalArn: string;
}

/** A provider, and with what to decrypt what it sends. */
export interface KnownProvider {
  readonly record: SamlProviderRecord;
  /** PKCS#8 in DER, the newest first. */
  readonly privateKeys: () => readonly Uint8Array[];
}
