/** Which characters a document may be written in. The API refuses all others before it reads any JSON. */
import type { PolicyKind } from "../types.ts";
import { PolicyGrammarError } from "./fault.ts";

interface Alphabet {
  readonly others: RegExp;
  readonly sentence: string;
}

/** IAM API Reference, e.g. CreatePolicy, PolicyDocument; the sentence is that of versitygw (iamapi), modelled on AWS. */
function storedByIam(member: string): Alphabet {
  return {
    others: /[^\t\n\r\u0020-\u007E\u00A1-\u00FF]/u,
    sentence: `The specified value for ${member} is invalid. It must contain only printable ASCII characters.`,
  };
}

const identity = storedByIam("policyDocument");

const alphabets: Partial<Readonly<Record<PolicyKind, Alphabet>>> = {
  identity,
  boundary: identity,
  trust: storedByIam("assumeRolePolicyDocument"),
  // STS API Reference, AssumeRole, Policy.
  session: {
    others: /[^\t\n\r\u0020-\u00FF]/u,
    sentence: "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
  },
};

/** @throws PolicyGrammarError ValidationError */
export function checkCharacters(text: string, kind: PolicyKind): void {
  const alphabet = alphabets[kind];
  const other = alphabet?.others.exec(text)?.[0];
  if (alphabet === undefined || other === undefined) return;
  throw new PolicyGrammarError(alphabet.sentence, {
    code: "ValidationError",
    hint: () => `Remove the character ${codePoint(other)}; within a string of JSON it may stand as ${escaped(other)}.`,
  });
}

function hex(unit: number): string {
  return unit.toString(16).toUpperCase().padStart(4, "0");
}

function codePoint(character: string): string {
  return `U+${hex(character.codePointAt(0)!)}`;
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at))}`).join("");
}
