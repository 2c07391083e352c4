import { Fault } from "../contracts/fault.ts";
import { lowerFirst } from "./framework-names.ts";

/**
 * What a service does in its own way: above all how it words the faults of its constraints. They differ; clients and tests
 * match on the words.
 */
export interface Dialect {
  /** Code of a constraint's fault. */
  readonly code: string;
  /** Whether messages show the refused value: STS does, IAM leaves it out. */
  readonly printsValues: boolean;
  /** The values of an enumeration in the order in which messages list them; undefined where they do not. */
  enumListed(values: readonly string[]): readonly string[] | undefined;
  /** A sentence of the service's own that stands in for the pattern form, if it has one for this member. */
  patternSentence(member: string, pattern: string): string | undefined;
  /**
   * The fault for a missing required member, where it is not a constraint's.
   *
   * @param member of those that stand at the top; undefined for one further down
   */
  missing(operation: string, member: string | undefined): Fault | undefined;
  /** Output members whose value is a policy document that is written percent-encoded. */
  readonly encodedDocuments: ReadonlySet<string>;
}

export const plainDialect: Dialect = {
  code: "ValidationException",
  printsValues: true,
  enumListed: (values) => values,
  patternSentence: () => undefined,
  missing: () => undefined,
  encodedDocuments: new Set(),
};

export const stsDialect: Dialect = { ...plainDialect, code: "ValidationError" };

/** The pattern that IAM's model gives to names of users, roles, groups, policies, profiles and devices. */
const IAM_NAME = "[\\w+=,.@-]+";

/** The pattern of policy documents: up to U+00FF, though the sentence says ASCII. */
const IAM_DOCUMENT = "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]+";

/** Enumerations whose values IAM's messages do not list: Status (recorded from AWS, LocalStack snapshots, 2025). */
const UNLISTED = new Set(["Active,Inactive,Expired"]);

/** In another order than the model's (radkawar/stackd captures, September 2026), by the model's. */
const LISTED: Readonly<Record<string, readonly string[]>> = {
  "User,Role,Group,LocalManagedPolicy,AWSManagedPolicy": [
    "LocalManagedPolicy",
    "User",
    "AWSManagedPolicy",
    "Role",
    "Group",
  ],
  "string,stringList,numeric,numericList,boolean,booleanList,ip,ipList,binary,binaryList,date,dateList": [
    "binary",
    "ipList",
    "booleanList",
    "ip",
    "boolean",
    "numericList",
    "dateList",
    "numeric",
    "date",
    "stringList",
    "string",
    "binaryList",
  ],
};

function iamEnumListed(values: readonly string[]): readonly string[] | undefined {
  const model = values.join(",");
  return UNLISTED.has(model) ? undefined : (LISTED[model] ?? values);
}

/** Members that IAM asks for with MissingParameter though they stand at the top (observed for GetRole alone). */
const MISSING_PARAMETER: Readonly<Record<string, readonly string[]>> = { GetRole: ["RoleName"] };

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
  enumListed: iamEnumListed,
  patternSentence: iamSentence,
  missing: (operation, member) =>
    member !== undefined && MISSING_PARAMETER[operation]?.includes(member)
      ? new Fault("MissingParameter", 400, `The request must contain the parameter ${member}.`)
      : undefined,
  // IAM API Reference, e.g. GetRole: "Policies returned by this operation are URL-encoded compliant with RFC 3986".
  // Handlers give plain JSON text.
  encodedDocuments: new Set(["AssumeRolePolicyDocument", "PolicyDocument", "Document"]),
};
