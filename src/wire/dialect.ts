import { Fault } from "../contracts/fault.ts";

/**
 * What a service does in its own way: above all how it words the faults of its constraints. They differ; clients and tests
 * match on the words.
 */
export interface Dialect {
  /** Code of a constraint's fault. */
  readonly code: string;
  /** Whether messages show the refused value: STS does, IAM leaves it out. */
  readonly printsValues: boolean;
  /** Whether messages list the values of an enumeration: IAM stops after "enum value set". */
  readonly listsEnum: boolean;
  /** A sentence of the service's own that stands in for the pattern form, if it has one for this member. */
  patternSentence(member: string, pattern: string): string | undefined;
  /** The fault for a missing required member, where it is not a constraint's. `wirePath`: `Tags.member.1.Key`. */
  missing(operation: string, wirePath: string): Fault | undefined;
  /** Output members whose value is a policy document that is written percent-encoded. */
  readonly encodedDocuments: ReadonlySet<string>;
}

export const plainDialect: Dialect = {
  code: "ValidationException",
  printsValues: true,
  listsEnum: true,
  patternSentence: () => undefined,
  missing: () => undefined,
  encodedDocuments: new Set(),
};

export const stsDialect: Dialect = { ...plainDialect, code: "ValidationError" };

/** The pattern that IAM's model gives to names of users, roles, groups, policies, profiles and devices. */
const IAM_NAME = "[\\w+=,.@-]+";

/** The pattern of policy documents: up to U+00FF, though the sentence says ASCII. */
const IAM_DOCUMENT = "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+";

/** Members that IAM asks for with MissingParameter though they stand at the top (observed for GetRole alone). */
const MISSING_PARAMETER: Readonly<Record<string, readonly string[]>> = { GetRole: ["RoleName"] };

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Observed sentences of IAM: names, paths and documents are refused in words, everything else by its pattern. */
function iamSentence(member: string, pattern: string): string | undefined {
  const subject = `The specified value for ${lowerFirst(member)} is invalid.`;
  if (member.endsWith("PathPrefix"))
    return `${subject} It must begin with the / character and contain only alphanumeric characters and/or / characters.`;
  if (member.endsWith("Path"))
    return `${subject} It must begin and end with / and contain only alphanumeric characters and/or / characters.`;
  if (member.endsWith("Name") && pattern === IAM_NAME)
    return `${subject} It must contain only alphanumeric characters and/or the following: +=,.@_-`;
  if (member.endsWith("PolicyDocument") && pattern === IAM_DOCUMENT)
    return `${subject} It must contain only printable ASCII characters.`;
  return undefined;
}

export const iamDialect: Dialect = {
  code: "ValidationError",
  printsValues: false,
  listsEnum: false,
  patternSentence: iamSentence,
  missing: (operation, wirePath) =>
    wirePath.includes(".") || MISSING_PARAMETER[operation]?.includes(wirePath)
      ? new Fault("MissingParameter", 400, `The request must contain the parameter ${wirePath}.`)
      : undefined,
  // IAM API Reference, e.g. GetRole: "Policies returned by this operation are URL-encoded compliant with RFC 3986".
  // Handlers give plain JSON text.
  encodedDocuments: new Set(["AssumeRolePolicyDocument", "PolicyDocument", "Document"]),
};
