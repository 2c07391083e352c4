/** Cases of the policy grammar: a document, the operation that it is given to, and what AWS answers. */
import { refusalOf } from "../grammar/refusal.ts";
import type { JsonNode, JsonObject } from "../../json/read.ts";
import type { PolicyKind } from "../types.ts";
import { CaseError } from "./fault.ts";
import { member, stringNode } from "./node.ts";

export interface GrammarCase {
  readonly type: "grammar";
  readonly id: string;
  readonly text: string;
  readonly kind: PolicyKind;
  /** Managed policies need a Version, inline ones do not. */
  readonly requireVersion: boolean;
  readonly expected: GrammarAnswer;
  readonly offset: number;
}

export type GrammarAnswer = "valid" | { readonly code: string; readonly message: string };

/** What the document of each operation is. */
const kinds: Readonly<Record<string, readonly [PolicyKind, requireVersion: boolean]>> = {
  CreatePolicy: ["identity", true],
  CreatePolicyVersion: ["identity", true],
  PutUserPolicy: ["identity", false],
  PutRolePolicy: ["identity", false],
  PutGroupPolicy: ["identity", false],
  CreateRole: ["trust", false],
  UpdateAssumeRolePolicy: ["trust", false],
  AssumeRole: ["session", false],
  AssumeRoleWithSAML: ["session", false],
  AssumeRoleWithWebIdentity: ["session", false],
  GetFederationToken: ["session", false],
};

/** @throws CaseError */
export function readGrammarCase(node: JsonObject, text: string, id: string): GrammarCase {
  const api = stringNode(member(node, "api"), "api", node);
  if (!Object.hasOwn(kinds, api.value)) {
    throw new CaseError(`api must be one of ${Object.keys(kinds).join(", ")}, not ${api.value}`, api.start);
  }
  const [kind, requireVersion] = kinds[api.value]!;
  const document = node.members.find(({ key }) => key.value === "document")?.value;
  if (document === undefined) throw new CaseError("document is missing", node.start);
  return {
    type: "grammar",
    id,
    text: document.kind === "string" ? document.value : text.slice(document.start, document.end),
    kind,
    requireVersion,
    expected: readAnswer(member(node, "expected")),
    offset: node.start,
  };
}

function readAnswer(node: JsonNode | null): GrammarAnswer {
  if (node === null || (node.kind === "string" && node.value === "valid")) return "valid";
  if (node.kind !== "object") throw new CaseError('expected must be {code, message}, "valid" or null', node.start);
  const [code, message] = ["code", "message"].map((name) => stringNode(member(node, name), `expected.${name}`, node));
  return { code: code!.value, message: message!.value };
}

/** What the grammar says of the document. */
export function grammarAnswer({ text, kind, requireVersion }: GrammarCase): GrammarAnswer {
  const refusal = refusalOf(text, kind, { requireVersion });
  return refusal === null ? "valid" : { code: refusal.code, message: refusal.message };
}
