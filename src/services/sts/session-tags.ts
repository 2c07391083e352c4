import type { Session } from "../../session/token.ts";
import { invalidParameterValue, validationError } from "./faults.ts";

export interface SessionTag {
  readonly key: string;
  readonly value: string;
  readonly transitive: boolean;
}

interface RequestedTags {
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[] | undefined;
  readonly TransitiveTagKeys?: readonly string[] | undefined;
}

/** Tags per session, passed and inherited together (IAM User Guide, id_session-tags). */
const sessionTagLimit = 50;

/**
 * The tags of a new session: those passed, and those that the calling session hands on. A transitive tag of the
 * calling session can be neither replaced nor dropped (IAM User Guide, id_session-tags_role-chaining).
 *
 * @throws Fault InvalidParameterValue, ValidationError
 */
export function sessionTags(input: RequestedTags, calling: Session | null): readonly SessionTag[] {
  const transitiveKeys = new Set((input.TransitiveTagKeys ?? []).map((key) => key.toLowerCase()));
  const passed = new Map<string, SessionTag>();
  for (const { Key: key, Value: value } of input.Tags ?? []) {
    const folded = key.toLowerCase();
    if (folded.startsWith("aws:")) {
      throw invalidParameterValue("Tag keys beginning with aws: are reserved for system use.");
    }
    if (passed.has(folded)) {
      throw invalidParameterValue("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    passed.set(folded, { key, value, transitive: transitiveKeys.has(folded) });
  }
  for (const key of transitiveKeys) {
    if (!passed.has(key)) {
      throw invalidParameterValue("The specified transitive tag key must be included in the requested tags.");
    }
  }
  const inherited = inheritedTags(calling);
  for (const tag of inherited) {
    if (passed.has(tag.key.toLowerCase())) {
      throw invalidParameterValue(
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
      );
    }
  }
  if (passed.size + inherited.length > sessionTagLimit) {
    throw validationError(
      `A session can have at most ${sessionTagLimit} tags, those handed on by the calling session included.`,
    );
  }
  return [...passed.values(), ...inherited];
}

export function inheritedTags(calling: Session | null): readonly SessionTag[] {
  return calling === null || calling.kind !== "role" ? [] : calling.tags.filter((tag) => tag.transitive);
}
