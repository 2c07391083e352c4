/** Whether a document may be stored, by its kind, with AWS's messages. */
import type { PolicyDocument } from "../document/document.ts";
import type { JsonNode } from "../../json/read.ts";
import { PolicySyntaxError, readJson } from "../../json/read.ts";
import { read } from "../document/parse.ts";
import type { PolicyKind } from "../types.ts";
import { checkCharacters } from "./characters.ts";
import { PolicyGrammarError } from "./fault.ts";
import { beginsWithSpace, checkIdentity, spaceHint, syntaxErrors } from "./identity.ts";
import { checkResourceControl, checkServiceControl, unmetRequirements } from "./organization.ts";
import { checkResource } from "./resource.ts";
import { checkTrustReach } from "./reach.ts";
import { checkTrust, invalidJson } from "./trust.ts";

export interface GrammarOptions {
  /**
   * `aws` accepts what AWS accepts: an Allow for everybody in a trust policy. The default refuses it.
   */
  readonly compatibility?: "strict" | "aws";
  /** Partitions that resources and principals may name, `*` beside them for resources; `aws` by default. */
  readonly partitions?: readonly string[];
  /** Service principals that trust policies may name beside those of AWS: whole names, `billing.example.com`. */
  readonly servicePrincipals?: readonly string[];
  /**
   * Whether Version must be 2012-10-17. AWS demands it of managed policies (CreatePolicy). Default: true for identity
   * policies and boundaries, false for all others.
   */
  readonly requireVersion?: boolean;
}

/**
 * Parses a document of a kind and checks it as AWS does before it stores one: characters, form, version, Sids, actions, resources,
 * principals. Size limits and the existence of principals are the caller's.
 * Throws PolicyGrammarError with the message that AWS gives.
 */
export function checkGrammar(text: string, kind: PolicyKind, options: GrammarOptions = {}): PolicyDocument {
  checkCharacters(text, kind);
  const root = readRoot(text, kind);
  if (kind === "trust" && beginsWithSpace(text)) {
    throw new PolicyGrammarError("JSON strings must not have leading spaces", { hint: () => spaceHint });
  }
  const partitions = new Set(["*", ...(options.partitions ?? ["aws"])]);
  const requireVersion = options.requireVersion ?? (kind === "identity" || kind === "boundary");
  switch (kind) {
    case "identity":
    case "boundary":
    case "session":
      checkIdentity(text, root, { partitions, requireVersion, storedBy: kind === "session" ? "STS" : "IAM" });
      break;
    case "scp":
      checkServiceControl(root, partitions);
      break;
    case "rcp":
      checkResourceControl(root, partitions);
      break;
    case "resource":
    case "endpoint":
      checkResource(root, partitions);
      break;
    case "trust":
      checkTrust(root, { partitions, ownServices: new Set(options.servicePrincipals) });
      break;
  }
  const { document } = understand(text, root, kind);
  if (kind === "trust") checkTrustReach(document, options.compatibility ?? "strict");
  return document;
}

function readRoot(text: string, kind: PolicyKind): JsonNode {
  try {
    return readJson(text);
  } catch (cause) {
    if (cause instanceof PolicySyntaxError) throw new PolicyGrammarError(unreadable(kind), { cause });
    throw cause;
  }
}

/** What is left to refuse after AWS's own stages is refused in AWS's general words. */
function understand(text: string, root: JsonNode, kind: PolicyKind): { document: PolicyDocument } {
  try {
    return read(text, root);
  } catch (cause) {
    if (cause instanceof PolicySyntaxError) throw new PolicyGrammarError(notUnderstood(kind), { cause });
    throw cause;
  }
}

function unreadable(kind: PolicyKind): string {
  if (kind === "trust" || kind === "resource" || kind === "endpoint") return invalidJson;
  return notUnderstood(kind);
}

function notUnderstood(kind: PolicyKind): string {
  if (kind === "trust" || kind === "resource" || kind === "endpoint") return "Syntax error in policy.";
  return kind === "scp" || kind === "rcp" ? unmetRequirements : syntaxErrors;
}
