import { namespaces } from "./names.ts";
import { childrenOf } from "./xml-tree.ts";
import type { Element } from "./xml-tree.ts";

/** RSA with SHA-2. What is shared (HMAC) is no signature, and SHA-1 vouches for nothing any more (RFC 8017 B.1). */
const signatureMethods: ReadonlySet<string> = new Set([
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
  "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
]);
const digestMethods: ReadonlySet<string> = new Set([
  "http://www.w3.org/2001/04/xmlenc#sha256",
  "http://www.w3.org/2001/04/xmlenc#sha512",
]);
const enveloped = `${namespaces.signature}enveloped-signature`;

/** What a signature says of itself: for the administrator. */
export interface SignatureForm {
  readonly method: string;
  readonly digest: string;
  /** What of it is not as it has to be; null where nothing is. */
  readonly wrong: string | null;
}

/**
 * A signature in the one form that SAML has (SAML 2.0 Core §5.4): one reference, to the element that it stands in, without
 * the signature itself, in exclusive canonical form. The library that verifies it finds parts by their names wherever they
 * stand, so here each stands in its place and once.
 *
 * @param signed what the signature stands in
 */
export function readSignature(signature: Element, signed: Element): SignatureForm {
  const [info, value, keyInfo, ...more] = signature.children;
  const said = { method: algorithmOf(info?.children[1]), digest: algorithmOf(info?.children[2]?.children[1]) };
  const wrong = (what: string): SignatureForm => ({ ...said, wrong: what });
  if (!is(info, "SignedInfo") || !is(value, "SignatureValue") || (keyInfo !== undefined && !is(keyInfo, "KeyInfo"))) {
    return wrong("its parts");
  }
  if (more.length > 0 || value.children.length > 0) return wrong("its parts");
  const [canonicalization, method, reference, ...others] = info.children;
  if (!is(canonicalization, "CanonicalizationMethod") || !is(method, "SignatureMethod")) return wrong("its parts");
  if (!is(reference, "Reference") || others.length > 0) return wrong("it has not exactly one Reference");
  if (algorithmOf(canonicalization) !== namespaces.exclusive) return wrong("its CanonicalizationMethod");
  if (!signatureMethods.has(said.method)) return wrong("its SignatureMethod");
  return { ...said, wrong: wrongInReference(reference, signed) };
}

function wrongInReference(reference: Element, signed: Element): string | null {
  const id = signed.attributes.get("ID") ?? "";
  if (!/^[A-Za-z_][\w.-]*$/.test(id) || reference.attributes.get("URI") !== `#${id}`) {
    return "its Reference is not to the element that it stands in";
  }
  const [transforms, digest, value, ...more] = reference.children;
  if (!is(transforms, "Transforms") || !is(digest, "DigestMethod") || !is(value, "DigestValue") || more.length > 0) {
    return "the parts of its Reference";
  }
  const [first, second, ...others] = transforms.children;
  if (!is(first, "Transform") || !is(second, "Transform") || others.length > 0) return "its Transforms";
  if (algorithmOf(first) !== enveloped || first.children.length > 0) return "its Transforms";
  const named = childrenOf(second, namespaces.exclusive, "InclusiveNamespaces");
  if (algorithmOf(second) !== namespaces.exclusive || named.length !== second.children.length) return "its Transforms";
  return digestMethods.has(algorithmOf(digest)) ? null : "its DigestMethod";
}

function is(element: Element | undefined, local: string): element is Element {
  return element?.uri === namespaces.signature && element.local === local;
}

function algorithmOf(element: Element | undefined): string {
  return element?.attributes.get("Algorithm") ?? "";
}
