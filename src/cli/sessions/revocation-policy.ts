/**
 * AWS's own policy for sessions that are revoked: an inline policy of the role, which denies everything to tokens issued
 * before a moment (IAM User Guide, id_roles_use_revoke-sessions), and where it is about one session also by its source
 * identity or by `aws:userid` (id_credentials_temp_control-access_disable-perms).
 */
export const revocationPolicyName = "AWSRevokeOlderSessions";

/** Which sessions of a role; all of them where it names none. */
export interface Which {
  readonly "aws:SourceIdentity"?: string;
  /** The role's id, a colon and the session's name. */
  readonly "aws:userid"?: string;
}

type Statement = Readonly<Record<string, unknown>>;

interface Document {
  readonly Statement: readonly Statement[];
}

/** The longest that a session of a role can last, in milliseconds (STS API, AssumeRole). */
const longestSession = 43_200_000;

const issueTime = "aws:TokenIssueTime";

/**
 * The document that revokes the sessions too that were issued before a moment, beside all that it says already.
 *
 * @param text what stands there; undefined where there is no such policy
 * @param before milliseconds since the epoch
 */
export function revoking(text: string | undefined, which: Which, before: number): string {
  const document = documentIn(text);
  const kept = document.Statement.filter((statement) => {
    const own = revocationIn(statement);
    // Those whose sessions have expired by now, and those that say less than the new one, say nothing more.
    return (
      own === null || !(own.before < before - longestSession || (isWithin(own.which, which) && own.before <= before))
    );
  });
  const Condition = {
    DateLessThan: { [issueTime]: new Date(before).toISOString() },
    ...(Object.keys(which).length === 0 ? {} : { StringEquals: which }),
  };
  return JSON.stringify({
    Version: "2012-10-17",
    ...document,
    Statement: [...kept, { Effect: "Deny", Action: ["*"], Resource: ["*"], Condition }],
  });
}

/** Whether a document revokes all of the sessions that were issued up to a moment. @param moment milliseconds since the epoch */
export function isRevoked(text: string | undefined, which: Which, moment: number): boolean {
  return documentIn(text).Statement.some((statement) => {
    const own = revocationIn(statement);
    return own !== null && isWithin(which, own.which) && moment < own.before;
  });
}

function documentIn(text: string | undefined): Document {
  if (text === undefined) return { Statement: [] };
  const document = JSON.parse(text) as { readonly Statement: Statement | readonly Statement[] };
  return { ...document, Statement: [document.Statement].flat() as Statement[] };
}

/** What a statement revokes, if it has the form of AWS's own and of ours; others stay as they are. */
function revocationIn(statement: Statement): { readonly which: Which; readonly before: number } | null {
  const { Effect, Action, Resource, Condition, ...more } = statement;
  const isOfAll = Effect === "Deny" && [Action].flat().join() === "*" && [Resource].flat().join() === "*";
  if (!isOfAll || Object.keys(more).some((key) => key !== "Sid")) return null;
  const { DateLessThan, StringEquals = {}, ...others } = (Condition ?? {}) as Record<string, Statement | undefined>;
  const { [issueTime]: issued, ...otherDates } = DateLessThan ?? {};
  const before = typeof issued === "string" ? Date.parse(issued) : Number.NaN;
  if (Number.isNaN(before) || Object.keys(others).length > 0 || Object.keys(otherDates).length > 0) return null;
  const isKnown = Object.entries(StringEquals).every(
    ([key, value]) => (key === "aws:SourceIdentity" || key === "aws:userid") && typeof value === "string",
  );
  return isKnown ? { which: StringEquals as Which, before } : null;
}

/** Whether all sessions of the one are among those of the other. */
function isWithin(which: Which, other: Which): boolean {
  return Object.entries(other).every(([key, value]) => which[key as keyof Which] === value);
}
