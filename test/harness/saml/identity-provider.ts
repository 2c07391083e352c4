/**
 * An identity provider whose assertions can be tampered with. It writes them in exclusive canonical form from the start,
 * so that signing takes a digest and a signature, and every byte is the test's to change.
 */
import { createHash, randomUUID, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { issue } from "../certificate.ts";
import type { Issued } from "../certificate.ts";

export const awsAttribute = "https://aws.amazon.com/SAML/Attributes";
const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

/** What an assertion says; whatever is left out is as a good one has it. */
export interface Claims {
  readonly issuer?: string;
  readonly id?: string;
  /** Milliseconds since the epoch; else the present. */
  readonly now?: number;
  /** Seconds from then. */
  readonly issued?: number;
  readonly ends?: { readonly conditions?: number | null; readonly subject?: number | null; readonly session?: number };
  readonly subject?: string | null;
  readonly format?: string | null;
  readonly recipient?: string | null;
  readonly audiences?: readonly string[];
  /** Values by name. */
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
}

/** What two kinds of providers write, and what attackers do to it. */
export interface Signing {
  readonly method?: string;
  readonly digest?: string;
  readonly hash?: "sha1" | "sha256" | "sha512";
  readonly key?: KeyObject;
  /** The certificate that it names in KeyInfo. */
  readonly named?: Issued;
  readonly reference?: string;
  readonly transforms?: readonly string[];
}

export const algorithms = {
  sha256: "http://www.w3.org/2001/04/xmlenc#sha256",
  rsaSha256: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  enveloped: "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
  exclusive: "http://www.w3.org/2001/10/xml-exc-c14n#",
} as const;

const namespace = "urn:oasis:names:tc:SAML:2.0:assertion";
const dsig = "http://www.w3.org/2000/09/xmldsig#";

/** Making a key takes a moment: all tests of a file share some. */
const made = new Map<string, Issued>();
function certificateOf(name: string): Issued {
  const known = made.get(name) ?? issue({ name, type: "rsa", until: -1, from: -9 });
  made.set(name, known);
  return known;
}

export class IdentityProvider {
  readonly entityId: string;
  /** It has expired, which is nothing to anybody here. */
  readonly certificate: Issued;

  constructor(entityId = "https://idp.example.com/saml", key = "idp") {
    this.entityId = entityId;
    this.certificate = certificateOf(key);
  }

  metadata(...certificates: readonly Issued[]): string {
    const all = certificates.length === 0 ? [this.certificate] : certificates;
    const keys = all.map(
      (one) =>
        `<KeyDescriptor use="signing"><KeyInfo xmlns="${dsig}"><X509Data><X509Certificate>${derOf(one)}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`,
    );
    return (
      `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${this.entityId}">` +
      `<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${keys.join("")}` +
      `<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.com/"/>` +
      `</IDPSSODescriptor></EntityDescriptor>`
    );
  }

  /** An assertion without a signature. */
  assertion(claims: Claims = {}): string {
    const { now = Date.now(), issued = -1, ends = {}, recipient = "https://signin.aws.amazon.com/saml" } = claims;
    const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
    const end = (seconds: number | null) => (seconds === null ? "" : ` NotOnOrAfter="${at(seconds)}"`);
    const { conditions = 300, subject: subjectEnd = 300, session } = ends;
    const { audiences = ["urn:amazon:webservices"], attributes = {}, id = `_${randomUUID()}` } = claims;
    const { subject = "ann", format = persistent, issuer = this.entityId } = claims;
    const nameId =
      subject === null
        ? ""
        : `<saml:NameID${format === null ? "" : ` Format="${format}"`}>${escaped(subject)}</saml:NameID>`;
    const restriction =
      audiences.length === 0
        ? ""
        : `<saml:AudienceRestriction>${audiences.map((one) => `<saml:Audience>${one}</saml:Audience>`).join("")}</saml:AudienceRestriction>`;
    return (
      `<saml:Assertion xmlns:saml="${namespace}" ID="${id}" IssueInstant="${at(issued)}" Version="2.0">` +
      `<saml:Issuer>${issuer}</saml:Issuer><saml:Subject>${nameId}<saml:SubjectConfirmation Method="${bearer}">` +
      `<saml:SubjectConfirmationData${end(subjectEnd)}${recipient === null ? "" : ` Recipient="${recipient}"`}>` +
      `</saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>` +
      `<saml:Conditions NotBefore="${at(issued)}"${end(conditions)}>${restriction}</saml:Conditions>` +
      `<saml:AuthnStatement AuthnInstant="${at(issued)}"${session === undefined ? "" : ` SessionNotOnOrAfter="${at(session)}"`}>` +
      `<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>` +
      `</saml:AuthnStatement><saml:AttributeStatement>${Object.entries(attributes).map(attribute).join("")}</saml:AttributeStatement></saml:Assertion>`
    );
  }

  /** The element in canonical form, with its signature behind its Issuer. */
  signed(xml: string, signing: Signing = {}): string {
    return xml.replace("</saml:Issuer>", () => `</saml:Issuer>${this.signature(xml, signing)}`);
  }

  signature(xml: string, signing: Signing = {}): string {
    const { method = algorithms.rsaSha256, digest = algorithms.sha256, hash = "sha256", named } = signing;
    const { key = this.certificate.privateKey, transforms = [algorithms.enveloped, algorithms.exclusive] } = signing;
    const { reference = `#${/ ID="([^"]*)"/.exec(xml)![1]}` } = signing;
    const list = transforms.map((one) => `<ds:Transform Algorithm="${one}"></ds:Transform>`).join("");
    const info =
      `<ds:SignedInfo xmlns:ds="${dsig}"><ds:CanonicalizationMethod Algorithm="${algorithms.exclusive}"></ds:CanonicalizationMethod>` +
      `<ds:SignatureMethod Algorithm="${method}"></ds:SignatureMethod><ds:Reference URI="${reference}"><ds:Transforms>${list}</ds:Transforms>` +
      `<ds:DigestMethod Algorithm="${digest}"></ds:DigestMethod><ds:DigestValue>${createHash(hash).update(xml).digest("base64")}</ds:DigestValue>` +
      `</ds:Reference></ds:SignedInfo>`;
    const value = sign(hash, Buffer.from(info), key).toString("base64");
    const certificate = derOf(named ?? this.certificate);
    return (
      `<ds:Signature xmlns:ds="${dsig}">${info.replace(` xmlns:ds="${dsig}"`, "")}<ds:SignatureValue>${value}</ds:SignatureValue>` +
      `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`
    );
  }

  /** A response around what is in it. */
  response(inside: string, { issuer = this.entityId, status = "Success", id = `_${randomUUID()}` } = {}): string {
    return (
      `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${id}" IssueInstant="${new Date().toISOString()}" Version="2.0">` +
      `<saml:Issuer xmlns:saml="${namespace}">${issuer}</saml:Issuer><samlp:Status>` +
      `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${status}"></samlp:StatusCode></samlp:Status>${inside}</samlp:Response>`
    );
  }

  /** A good response, as clients send it. */
  respond(claims: Claims = {}): string {
    return sent(this.response(this.signed(this.assertion(claims))));
  }
}

/** The attributes of a role's session. */
export function roleAttributes(
  roleArn: string,
  providerArn: string,
  more: Readonly<Record<string, string | readonly string[]>> = {},
): NonNullable<Claims["attributes"]> {
  const ours = { Role: `${roleArn},${providerArn}`, RoleSessionName: "ann@example.com", ...more };
  return Object.fromEntries(
    Object.entries(ours).map(([name, values]) => [
      /[:/]\//.test(name) || /^(urn:|\d)/.test(name) ? name : `${awsAttribute}/${name}`,
      values,
    ]),
  );
}

/** In Base64. */
export function sent(xml: string): string {
  return Buffer.from(xml).toString("base64");
}

function derOf({ cert }: Issued): string {
  return cert.replace(/-----[^-]+-----|\n/g, "");
}

function attribute([name, values]: [string, string | readonly string[]]): string {
  const all = (typeof values === "string" ? [values] : values).map(
    (value) => `<saml:AttributeValue>${escaped(value)}</saml:AttributeValue>`,
  );
  return `<saml:Attribute Name="${name}">${all.join("")}</saml:Attribute>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
