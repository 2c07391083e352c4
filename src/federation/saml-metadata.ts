import { SaxesParser } from "saxes";
import type { SaxesTagNS } from "saxes";
import type { SamlIdentityProvider } from "../store/iam/saml-providers.ts";
import { readCertificate } from "./certificate.ts";

/** The document is not the metadata of identity providers (OASIS, "Metadata for SAML 2.0"). */
export class UnreadableMetadata extends Error {}

/** It has more of something than one provider may (IAM User Guide, "IAM and AWS STS quotas"). */
export class TooMuchMetadata extends Error {
  readonly quota: string;
  readonly limit: number;
  constructor(quota: string, limit: number) {
    super(`${quota}: ${limit}`);
    this.quota = quota;
    this.limit = limit;
  }
}

const mostIdentityProviders = 10;
/** Of one identity provider. */
const mostCertificates = 10;

/** Nothing that a person writes comes near. The parser's work grows with the product of depth and attributes. */
const mostDepth = 64;
const mostAttributes = 100;
const mostEndpoints = 100;
/** Characters; of an entity id the standard says it. */
const longestAddress = 1024;

/** Characters that are read before everybody else has a turn: a few milliseconds' work. */
const slice = 32_768;

/**
 * Reads the metadata of a SAML provider: what verifying an assertion takes, so that it is read once. Until when it is
 * valid is not looked at, nor whether it has any certificate or endpoint (observed on AWS, September 2026,
 * radkawar/stackd captures).
 *
 * A document type and processing instructions are refused: they change what a document says, and no metadata needs them.
 *
 * @param pause waits until everybody else had a turn; a document may have ten million characters
 * @throws UnreadableMetadata, TooMuchMetadata
 */
export async function readMetadata(
  document: string,
  pause: () => Promise<void>,
): Promise<readonly SamlIdentityProvider[]> {
  // The parser would leave it out; AWS takes none (IAM User Guide, id_roles_providers_create_saml).
  if (document.startsWith("\uFEFF")) throw new UnreadableMetadata();
  const reader = new MetadataReader();
  for (let at = 0; at < document.length; at += slice) {
    if (at > 0) await pause();
    reader.read(document.slice(at, at + slice));
  }
  return reader.end();
}

const metadata = "urn:oasis:names:tc:SAML:2.0:metadata";
const signature = "http://www.w3.org/2000/09/xmldsig#";

/** The elements that mean something here, by namespace. */
const known: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    metadata,
    new Set(["EntitiesDescriptor", "EntityDescriptor", "IDPSSODescriptor", "SingleSignOnService", "KeyDescriptor"]),
  ],
  [signature, new Set(["KeyInfo", "X509Data", "X509Certificate"])],
]);

/** Where they stand; groups of entities are left out, all others are `?`. */
const places = {
  entity: "/EntityDescriptor",
  role: "/EntityDescriptor/IDPSSODescriptor",
  endpoint: "/EntityDescriptor/IDPSSODescriptor/SingleSignOnService",
  key: "/EntityDescriptor/IDPSSODescriptor/KeyDescriptor",
  certificate: "/EntityDescriptor/IDPSSODescriptor/KeyDescriptor/KeyInfo/X509Data/X509Certificate",
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };

class MetadataReader {
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #providers: SamlIdentityProvider[] = [];
  /** Places of the open elements. */
  readonly #open: string[] = [];
  #attributes = 0;
  /** The open entity, and whether it is an identity provider. */
  #entity: Mutable<SamlIdentityProvider> = { entityId: "", singleSignOn: [], certificates: [] };
  #isIdentityProvider = false;
  /** Whether assertions are signed with the open key. */
  #signs = false;
  /** Text of the open certificate; null outside of one. */
  #text: string | null = null;

  constructor() {
    this.#parser.on("error", refuse);
    this.#parser.on("doctype", refuse);
    this.#parser.on("processinginstruction", refuse);
    this.#parser.on("opentagstart", () => void (this.#attributes = 0));
    this.#parser.on("attribute", () => void (++this.#attributes > mostAttributes && refuse()));
    this.#parser.on("opentag", (tag) => this.#begin(tag));
    this.#parser.on("text", (text) => this.#take(text));
    this.#parser.on("cdata", (text) => this.#take(text));
    this.#parser.on("closetag", () => this.#close());
  }

  read(part: string): void {
    this.#parser.write(part);
  }

  end(): readonly SamlIdentityProvider[] {
    this.#parser.close();
    if (this.#providers.length === 0) refuse();
    return this.#providers;
  }

  #begin(tag: SaxesTagNS): void {
    if (this.#open.length === mostDepth) refuse();
    const place = placeOf(tag, this.#open.at(-1) ?? "");
    if (this.#open.length === 0 && place !== "" && place !== places.entity) refuse();
    this.#open.push(place);
    this.#text = place === places.certificate ? "" : null;
    if (place === places.entity) this.#beginEntity(tag);
    else if (place === places.role) this.#isIdentityProvider = true;
    else if (place === places.key) this.#signs = (attribute(tag, "use") ?? "signing") === "signing";
    else if (place === places.endpoint) this.#addEndpoint(tag);
  }

  #close(): void {
    const place = this.#open.pop();
    if (place === places.certificate) this.#addCertificate();
    else if (place === places.entity && this.#isIdentityProvider) this.#addProvider();
    this.#text = null;
  }

  #take(text: string): void {
    if (this.#text !== null) this.#text += text;
  }

  #beginEntity(tag: SaxesTagNS): void {
    const entityId = attribute(tag, "entityID") ?? "";
    if (entityId === "" || entityId.length > longestAddress) refuse();
    this.#entity = { entityId, singleSignOn: [], certificates: [] };
    this.#isIdentityProvider = false;
  }

  #addProvider(): void {
    if (this.#providers.length === mostIdentityProviders) {
      throw new TooMuchMetadata("IdentityProvidersPerSAMLProvider", mostIdentityProviders);
    }
    // Whose assertion it is has to be one answer.
    if (this.#providers.some(({ entityId }) => entityId === this.#entity.entityId)) refuse();
    this.#providers.push(this.#entity);
  }

  #addEndpoint(tag: SaxesTagNS): void {
    const [binding, location] = [attribute(tag, "Binding") ?? "", attribute(tag, "Location") ?? ""];
    if (binding.length > longestAddress || location.length > longestAddress) refuse();
    if (this.#entity.singleSignOn.length === mostEndpoints) refuse();
    this.#entity.singleSignOn.push({ binding, location });
  }

  /** One that only encrypts has to be a certificate, too, though nobody needs it. */
  #addCertificate(): void {
    const certificate = this.#text === null ? null : readCertificate(this.#text);
    if (certificate === null) return refuse();
    const { certificates } = this.#entity;
    if (!this.#signs || certificates.includes(certificate)) return;
    if (certificates.length === mostCertificates) throw new TooMuchMetadata("KeysPerSAMLProvider", mostCertificates);
    certificates.push(certificate);
  }
}

function refuse(): never {
  throw new UnreadableMetadata();
}

function placeOf({ uri, local }: SaxesTagNS, parent: string): string {
  const name = known.get(uri)?.has(local) === true ? local : "?";
  return name === "EntitiesDescriptor" && parent === "" ? "" : `${parent}/${name}`;
}

/** An attribute of the element's own: one with a prefix is another's. */
function attribute({ attributes }: SaxesTagNS, name: string): string | undefined {
  return attributes[name]?.value;
}
