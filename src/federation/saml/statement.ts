import { namespaces } from "./names.ts";
import { childrenOf, onlyChild, UnreadableXml } from "./xml-tree.ts";
import type { Element } from "./xml-tree.ts";

/** What an assertion says, read from the bytes that are signed and from nothing else. */
export interface Statement {
  readonly id: string;
  readonly issuer: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly issuedAt: number;
  /** Null where it names nobody; the format is empty where it has none. */
  readonly nameId: { readonly value: string; readonly format: string } | null;
  readonly confirmations: readonly Confirmation[];
  /** Null where it has none. */
  readonly conditions: Conditions | null;
  readonly authentications: readonly { readonly sessionEnd: number | undefined }[];
  /** Values by the name of the attribute, those of several of one name one after the other. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

interface Confirmation {
  readonly method: string;
  readonly recipient: string | undefined;
  readonly notOnOrAfter: number | undefined;
}

interface Conditions {
  readonly notOnOrAfter: number | undefined;
  /** One for each AudienceRestriction: one of its audiences has to be met, of every restriction. */
  readonly audiences: readonly (readonly string[])[];
}

const longestText = 4096;
const ns = namespaces.assertion;

/** @param root Assertion. @throws UnreadableXml */
export function readStatement(root: Element): Statement {
  if (root.uri !== ns || root.local !== "Assertion") throw new UnreadableXml("no Assertion");
  const issuer = onlyChild(root, ns, "Issuer");
  const subject = onlyChild(root, ns, "Subject");
  const nameId = subject === null ? null : onlyChild(subject, ns, "NameID");
  const conditions = onlyChild(root, ns, "Conditions");
  const issuedAt = timeOf(root, "IssueInstant");
  if (issuer === null || issuedAt === undefined) throw new UnreadableXml("an assertion without Issuer or IssueInstant");
  return {
    id: root.attributes.get("ID") ?? "",
    issuer: textOf(issuer),
    issuedAt,
    nameId: nameId === null ? null : { value: textOf(nameId), format: nameId.attributes.get("Format") ?? "" },
    confirmations: subject === null ? [] : childrenOf(subject, ns, "SubjectConfirmation").map(confirmation),
    conditions: conditions === null ? null : readConditions(conditions),
    authentications: childrenOf(root, ns, "AuthnStatement").map((statement) => ({
      sessionEnd: timeOf(statement, "SessionNotOnOrAfter"),
    })),
    attributes: attributesOf(root),
  };
}

/** Who may use it once asks for what a setting does (`saml.singleUse`); AWS takes such a one again. */
const knownConditions: ReadonlySet<string> = new Set(["AudienceRestriction", "OneTimeUse", "ProxyRestriction"]);

function confirmation(element: Element): Confirmation {
  const data = onlyChild(element, ns, "SubjectConfirmationData");
  if (data !== null) timeOf(data, "NotBefore");
  return {
    method: element.attributes.get("Method") ?? "",
    recipient: data?.attributes.get("Recipient"),
    notOnOrAfter: data === null ? undefined : timeOf(data, "NotOnOrAfter"),
  };
}

function readConditions(element: Element): Conditions {
  // Nobody compares it, as on AWS; what cannot be read is refused there, too.
  timeOf(element, "NotBefore");
  // What is not known cannot be met (SAML 2.0 Core §2.5.1.1).
  const unknown = element.children.find(({ uri, local }) => uri !== ns || !knownConditions.has(local));
  if (unknown !== undefined) throw new UnreadableXml(`the condition ${unknown.local}`);
  return {
    notOnOrAfter: timeOf(element, "NotOnOrAfter"),
    audiences: childrenOf(element, ns, "AudienceRestriction").map((restriction) =>
      childrenOf(restriction, ns, "Audience").map(textOf),
    ),
  };
}

function attributesOf(root: Element): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  for (const statement of childrenOf(root, ns, "AttributeStatement")) {
    for (const attribute of childrenOf(statement, ns, "Attribute")) {
      const name = attribute.attributes.get("Name") ?? "";
      const values = all.get(name) ?? [];
      values.push(...childrenOf(attribute, ns, "AttributeValue").flatMap(valueOf));
      all.set(name, values);
    }
  }
  return all;
}

/** Of what has text alone, as it stands: a name with a space before it is another name. */
function textOf({ children, text, local }: Element): string {
  if (children.length > 0 || text.length > longestText) throw new UnreadableXml(`${local} is no text`);
  return text;
}

/** Text, or the one name that eduPersonTargetedID has for a value; what is made of other elements means nothing here. */
function valueOf(value: Element): readonly string[] {
  if (value.children.length === 0) return [textOf(value)];
  const [name] = childrenOf(value, ns, "NameID");
  return name === undefined || value.children.length > 1 ? [] : [textOf(name)];
}

/** SAML 2.0 Core §1.3.3: UTC, with or without fractions of a second. */
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function timeOf(element: Element, name: string): number | undefined {
  const text = element.attributes.get(name);
  if (text === undefined) return undefined;
  const time = timeForm.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UnreadableXml(`${name} is no time`);
  return time;
}
