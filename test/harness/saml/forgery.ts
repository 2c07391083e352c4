/** What attackers send, made of rows: test/cases/saml/README.md says what each member means. */
import { createHmac } from "node:crypto";
import { IdentityProvider, roleAttributes, sent } from "./identity-provider.ts";
import type { Claims, Signing } from "./identity-provider.ts";

export interface Forgery {
  readonly name: string;
  readonly claims?: Omit<Claims, "attributes"> & {
    readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
  };
  readonly signing?: Omit<Signing, "key" | "named">;
  /** Who signs: the provider (`idp`), another key of the same name (`other`), or nobody. */
  readonly signedBy?: "idp" | "other" | "nobody" | "hmac";
  readonly response?: string;
  readonly edits?: readonly (readonly [string, string])[];
  readonly responseSignedBy?: "idp" | "other";
  readonly responseEdits?: readonly (readonly [string, string])[];
  readonly status?: string;
  /** Instead of all that: the very text of the parameter. */
  readonly text?: string;
  readonly fault?: string;
}

const idp = new IdentityProvider();
const other = new IdentityProvider(idp.entityId, "other");

/** @param about whom the honest assertion is for; the forged one is for the same role, and for `admin` */
export function forged(row: Forgery, about: { readonly role: string; readonly provider: string }): string {
  if (row.text !== undefined) return row.text;
  const { claims = {}, response = "${open}${good}${close}" } = row;
  const attributes = roleAttributes(about.role, about.provider, claims.attributes);
  const body = idp.assertion({ id: "_good", ...claims, attributes });
  const good = signedBy(row, body);
  const evil = idp.assertion({ id: "_evil", subject: "admin", attributes });
  const [open, close] = idp.response("|", row.status === undefined ? {} : { status: row.status }).split("|");
  const [evilHead, evilTail] = evil.split(/(?<=<\/saml:Issuer>)/);
  const signature = /<ds:Signature .*<\/ds:Signature>/.exec(good)?.[0] ?? "";
  const parts: Readonly<Record<string, string>> = {
    open: open!,
    close: close!,
    good,
    body,
    signature,
    evil,
    evilHead: evilHead!,
    evilTail: evilTail!,
    response: idp.signed(`${open}${body}${close}`),
    signatureWithin: signature.replace("</ds:Signature>", `<ds:Object>${body}</ds:Object></ds:Signature>`),
    responseId: / ID="([^"]*)"/.exec(open!)![1]!,
  };
  const filled = response.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => parts[name]!);
  const edited = edit(filled, row.edits);
  const whole = row.responseSignedBy === undefined ? edited : responseSigned(edited, row.responseSignedBy);
  return sent(edit(whole, row.responseEdits));
}

function signedBy({ signedBy: by = "idp", signing = {} }: Forgery, body: string): string {
  switch (by) {
    case "nobody":
      return body;
    case "idp":
      return idp.signed(body, signing);
    case "other":
      return other.signed(body, signing);
    case "hmac": {
      const made = idp.signed(body, { method: "http://www.w3.org/2000/09/xmldsig#hmac-sha1", ...signing });
      const info = /<ds:SignedInfo>.*<\/ds:SignedInfo>/.exec(made)![0];
      const canonical = info.replace(
        "<ds:SignedInfo>",
        '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
      );
      const value = createHmac("sha1", idp.certificate.cert).update(canonical).digest("base64");
      return made.replace(/(<ds:SignatureValue>)[^<]*/, `$1${value}`);
    }
  }
}

/** The response as it stands is in canonical form where everything in it is. */
function responseSigned(xml: string, by: "idp" | "other"): string {
  return (by === "idp" ? idp : other).signed(xml);
}

function edit(xml: string, edits: Forgery["edits"] = []): string {
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`there is no ${from} to replace`);
    return text.replace(from, () => to);
  }, xml);
}
