import { namespaces } from "./names.ts";
import { readSignature } from "./signature-form.ts";
import type { SignatureForm } from "./signature-form.ts";
import { childrenOf, onlyChild, UnreadableXml, within } from "./xml-tree.ts";
import type { Element } from "./xml-tree.ts";

/** A response as it came. Nothing of it is verified: it says where to look, and never who somebody is. */
export interface Response {
  /** Null where it has none of its own. */
  readonly signature: SignatureForm | null;
  /** Exactly one of the two is there, or none. */
  readonly assertion: Element | null;
  readonly encrypted: Element | null;
  readonly status: string;
}

/** More than one assertion, or a signature where none belongs: made to have one verified and another read. */
export class WrappedResponse extends Error {}

/** @throws UnreadableXml, WrappedResponse */
export function readResponse(root: Element): Response {
  if (root.uri !== namespaces.protocol || root.local !== "Response") throw new UnreadableXml("no Response");
  const assertions = childrenOf(root, namespaces.assertion, "Assertion");
  const encrypted = childrenOf(root, namespaces.assertion, "EncryptedAssertion");
  if (assertions.length + encrypted.length > 1) throw new WrappedResponse("more than one assertion");
  const [assertion = null] = assertions;
  requireInPlace(root, assertion);
  const status = onlyChild(root, namespaces.protocol, "Status");
  const code = status === null ? null : onlyChild(status, namespaces.protocol, "StatusCode");
  return {
    signature: signatureOf(root),
    assertion,
    encrypted: encrypted[0] ?? null,
    status: code?.attributes.get("Value") ?? "",
  };
}

/** An assertion that was encrypted, by itself. @throws UnreadableXml, WrappedResponse */
export function readDecrypted(root: Element): Element {
  if (root.uri !== namespaces.assertion || root.local !== "Assertion") throw new UnreadableXml("no Assertion");
  requireInPlace(root, root);
  return root;
}

/** The signature that stands directly in an element; null where none does. @throws WrappedResponse */
export function signatureOf(element: Element): SignatureForm | null {
  const [signature, second] = childrenOf(element, namespaces.signature, "Signature");
  if (second !== undefined) throw new WrappedResponse("two signatures of one element");
  return signature === undefined ? null : readSignature(signature, element);
}

/** Assertions and signatures stand nowhere but where they are looked for. */
function requireInPlace(root: Element, assertion: Element | null): void {
  for (const element of within(root)) {
    if (element.local === "Assertion" && element !== assertion)
      throw new WrappedResponse("an assertion in another place");
    if (element.local === "Response" && element !== root) throw new WrappedResponse("a response in another place");
    const hidden =
      element !== root && element !== assertion && element.children.some(({ local }) => local === "Signature");
    if (hidden) throw new WrappedResponse("a signature in another place");
  }
}
