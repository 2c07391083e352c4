import type { SamlIdentityProvider } from "../../store/iam/saml-providers.ts";
import type { Checks } from "../checks.ts";
import type { KnownProvider } from "./about.ts";
import { decrypt, readEncrypted } from "./decryption.ts";
import type { SamlFaults } from "./faults.ts";
import { onlyChild, readXml, UnreadableXml } from "./xml-tree.ts";
import type { Element } from "./xml-tree.ts";
import { namespaces } from "./names.ts";
import { readDecrypted, readResponse, signatureOf, WrappedResponse } from "./response.ts";
import type { Response } from "./response.ts";
import type { SignatureForm } from "./signature-form.ts";
import type { SignedPlace, SignedXml } from "./signature-thread.ts";
import { readStatement } from "./statement.ts";
import type { Statement } from "./statement.ts";

type Verified = (signed: SignedXml) => Promise<string | null>;

/** The document that an assertion stands in, and the assertion in it. */
interface Found {
  readonly xml: string;
  readonly place: SignedPlace;
  readonly assertion: Element;
}

const success = "urn:oasis:names:tc:SAML:2.0:status:Success";

/**
 * What an assertion says that the provider has signed itself. The signature of the response is no substitute, and where
 * there is one it has to be good as well (observed on AWS, September 2026, radkawar/stackd captures).
 *
 * @throws Fault
 */
export async function signedStatement(
  text: string,
  provider: KnownProvider,
  verified: Verified,
  faults: SamlFaults,
  checks: Checks,
): Promise<Statement> {
  try {
    const xml = decoded(text);
    const response = readResponse(readXml(xml));
    requireStatus(response, faults, checks);
    const found = await assertionIn(xml, response, provider, faults, checks);
    const issuer = issuerOf(found.assertion);
    const certificates = certificatesOf(issuer, provider, faults, checks);
    requireForm("response's signature", response.signature, faults, checks);
    requireForm("assertion's signature", requireSigned(found, faults, checks), faults, checks);
    const signed = { certificates, faults, checks, verified };
    if (response.signature !== null) await requireGood("response's signature", { xml, place: "root" }, signed);
    const statement = readStatement(readXml(await requireGood("assertion's signature", found, signed)));
    if (statement.issuer !== issuer) throw new WrappedResponse("another issuer in what is signed");
    return statement;
  } catch (error) {
    if (error instanceof UnreadableXml) {
      return checks.refuse(
        { name: "response", wanted: "a readable response", seen: error.message },
        faults.unreadable(),
      );
    }
    if (error instanceof WrappedResponse) {
      return checks.refuse({ name: "response", wanted: "one assertion", seen: error.message }, faults.badSignature());
    }
    throw error;
  }
}

/** Base64 as it is sent in forms, lines included. @throws UnreadableXml */
function decoded(text: string): string {
  const base64 = text.replaceAll(/[\t\n\r ]/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) throw new UnreadableXml("no Base64");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, "base64"));
  } catch {
    throw new UnreadableXml("no UTF-8");
  }
}

/** One that says that it failed vouches for nobody. */
function requireStatus({ status }: Response, faults: SamlFaults, checks: Checks): void {
  const question = { name: "status", wanted: success, seen: status };
  checks.require(status === "" || status === success, question, faults.unreadable);
}

async function assertionIn(
  xml: string,
  { assertion, encrypted }: Response,
  { record, privateKeys }: KnownProvider,
  faults: SamlFaults,
  checks: Checks,
): Promise<Found> {
  if (assertion !== null) {
    const question = { name: "encryption", wanted: `${record.encryption}`, seen: "an assertion that is not encrypted" };
    checks.require(record.encryption === "Allowed", question, faults.unreadable);
    return { xml, place: "assertion", assertion };
  }
  checks.require(encrypted !== null, { name: "assertion", wanted: "an assertion", seen: "none" }, faults.unsigned);
  const content = readEncrypted(encrypted);
  const keys = content === null ? [] : privateKeys();
  for (const key of keys) {
    const decrypted = await decrypt(content!, key);
    if (decrypted === null) continue;
    checks.note({ name: "decryption", seen: `${keys.length} private keys` });
    return { xml: decrypted, place: "root", assertion: readDecrypted(readXml(decrypted)) };
  }
  const question = {
    name: "decryption",
    wanted: "an assertion that is encrypted for one of the provider's private keys",
    seen: content === null ? "another form or other algorithms" : `${keys.length} private keys, none of which fits`,
    advice: "AES-128 or AES-256 in CBC or GCM, its key by RSA-OAEP with SHA-1 or SHA-256 for hash and mask alike",
  };
  return checks.refuse(question, faults.unreadable());
}

function issuerOf(assertion: Element): string {
  return onlyChild(assertion, namespaces.assertion, "Issuer")?.text ?? "";
}

/** Of the identity provider whose assertion it says to be: one of its keys, and no other's, has to have signed it. */
function certificatesOf(issuer: string, { record }: KnownProvider, faults: SamlFaults, checks: Checks): string[] {
  const { identityProviders } = record;
  const found = identityProviders.find(({ entityId }) => entityId === issuer);
  const question = {
    name: "issuer",
    wanted: identityProviders.map(({ entityId }) => entityId).join(" or "),
    seen: issuer === "" ? "none" : issuer,
    advice: "update the provider with the metadata of the identity provider that issues these assertions",
  };
  checks.require(found !== undefined, question, faults.otherIssuer);
  return pemsOf(found);
}

/** Also of those that have expired (observed on AWS, September 2026). */
function pemsOf({ certificates }: SamlIdentityProvider): string[] {
  return certificates.map((base64) => {
    const lines = base64.match(/.{1,64}/g)!.join("\n");
    return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  });
}

function requireSigned({ assertion }: Found, faults: SamlFaults, checks: Checks): SignatureForm {
  const signature = signatureOf(assertion);
  const question = {
    name: "assertion's signature",
    wanted: "a signature of the assertion itself",
    seen: "none",
    advice: "let the identity provider sign the assertion; a signature of the response is not enough",
  };
  checks.require(signature !== null, question, faults.unsigned);
  return signature;
}

function requireForm(name: string, signature: SignatureForm | null, faults: SamlFaults, checks: Checks): void {
  if (signature === null) return;
  const { wrong, method, digest } = signature;
  const wanted = "RSA with SHA-256 or SHA-512 over the element that it stands in, in exclusive canonical form";
  const seen = `${wrong ?? "its form"}; ${method}, ${digest}`;
  checks.require(wrong === null, { name: `${name}: form`, wanted, seen }, faults.badSignature);
}

interface Signed {
  readonly certificates: readonly string[];
  readonly verified: Verified;
  readonly faults: SamlFaults;
  readonly checks: Checks;
}

/** @returns what is signed, in canonical form */
async function requireGood(
  name: string,
  { xml, place }: Omit<SignedXml, "certificates">,
  signed: Signed,
): Promise<string> {
  const { certificates, faults } = signed;
  const checks: Checks = signed.checks;
  const canonical = await signed.verified({ xml, place, certificates });
  const question = {
    name,
    wanted: "made by a key in the provider's metadata",
    seen: `${certificates.length} certificates of the issuer, and what was sent`,
    advice:
      "what was signed was changed, or the identity provider has another key by now: update the provider's metadata",
  };
  checks.require(canonical !== null, question, faults.badSignature);
  return canonical;
}
