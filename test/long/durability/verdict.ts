/** Holds what a server has against what its writers were told. */
import type { RunningServer } from "../../../src/server/server.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import * as accessKeys from "../../../src/store/iam/access-keys.ts";
import * as policies from "../../../src/store/iam/policies.ts";
import { outboxCount } from "../../harness/outbox-count.ts";
import * as quotas from "../../../src/store/iam/quotas.ts";
import * as users from "../../../src/store/iam/users.ts";
import { caller } from "../../harness/clients.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import type { TrailEvent } from "../../harness/trail-events.ts";
import type { Ledger } from "./load.ts";
import { accountId, policyArn, policyText, seen, sharedPolicy } from "./subject.ts";
import type { Change, State } from "./subject.ts";

/** @returns what is wrong, in words; empty when all is as it must be */
export async function judge(server: RunningServer, administrator: SigningCredentials, ledger: Ledger) {
  const present = await whatIsThere(server, administrator);
  const { wrong, landed } = compareSubjects(ledger, present);
  wrong.push(...(await compareCounters(server, present)));
  wrong.push(...(await compareTrail(server, ledger, landed)));
  return wrong;
}

interface Present {
  readonly states: ReadonlyMap<string, State>;
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
  readonly users: number;
  readonly attachedToShared: number;
}

async function whatIsThere(server: RunningServer, administrator: SigningCredentials): Promise<Present> {
  const { iam } = caller(server.url, administrator);
  const states = new Map<string, State>();
  const keys = new Map<string, ReadonlySet<string>>();
  const { database } = server.environment();
  let count = 0;
  let attachedToShared = 0;
  let Marker: string | undefined;
  do {
    const page = await iam.getAccountAuthorizationDetails({ MaxItems: 1000, ...(Marker ? { Marker } : {}) });
    for (const user of page.UserDetailList ?? []) {
      count++;
      const owned = await database.read((tx) => accessKeys.listByOwner(tx, user.UserId!));
      const attached = user.AttachedManagedPolicies!.some(({ PolicyArn }) => PolicyArn === policyArn(sharedPolicy));
      if (attached) attachedToShared++;
      const [inline] = user.UserPolicyList ?? [];
      keys.set(user.UserName!, new Set(owned.map(({ id }) => id)));
      states.set(user.UserName!, {
        kind: "user",
        tags: user.Tags?.length ?? 0,
        keys: owned.length,
        groups: [...user.GroupList!].sort(),
        attached,
        inline: inline === undefined ? 0 : Number(/bucket\/(\d+)/.exec(decodeURIComponent(inline.PolicyDocument!))![1]),
      });
    }
    for (const policy of page.Policies ?? []) {
      if (policy.Arn !== policyArn(policy.PolicyName!)) continue;
      const versions = policy.PolicyVersionList!.map(({ VersionId }) => Number(VersionId!.slice(1)));
      for (const { VersionId, Document } of policy.PolicyVersionList!) {
        const wanted = policyText(Number(VersionId!.slice(1)));
        if (policy.PolicyName !== sharedPolicy && decodeURIComponent(Document!) !== wanted) {
          throw new Error(`${policy.PolicyName} ${VersionId} has the text of another version`);
        }
      }
      const standard = Number(policy.DefaultVersionId!.slice(1));
      states.set(policy.PolicyName!, { kind: "policy", versions: versions.sort((a, b) => a - b), standard, next: 0 });
    }
    Marker = page.Marker;
  } while (Marker !== undefined);
  return { states, keys, users: count, attachedToShared };
}

function compareSubjects(ledger: Ledger, present: Present): { wrong: string[]; landed: Change[] } {
  const wrong: string[] = [];
  const landed: Change[] = [];
  const known = new Set(ledger.subjects.map(({ name }) => name));
  for (const name of present.states.keys()) {
    if (/^r\d/.test(name) && !known.has(name)) wrong.push(`${name} is there and nobody made it`);
  }
  for (const subject of ledger.subjects) {
    const actual = present.states.get(subject.name) ?? null;
    const [is, was] = [seen(actual), seen(subject.state)];
    const { pending } = subject;
    if (is === was) {
      // What was not done will not be done any more: the subject goes on from here.
    } else if (pending !== null && is === seen(pending.after)) landed.push(pending);
    else {
      const hoped = pending === null ? "" : ` or, with ${pending.parameters["Action"]}, ${seen(pending.after)}`;
      wrong.push(`${subject.name} is ${is}, must be ${was}${hoped}`);
    }
    if (actual?.kind === "policy" && actual.versions.length > 5) wrong.push(`${subject.name} has more than 5 versions`);
    const deleted = pending?.parameters["AccessKeyId"];
    for (const key of subject.keys) {
      if (actual !== null && key !== deleted && present.keys.get(subject.name)?.has(key) !== true) {
        wrong.push(`key ${key} of ${subject.name} is lost`);
      }
    }
  }
  return { wrong, landed };
}

/** Counters say what rows say, and nothing hangs in the air. */
async function compareCounters(server: RunningServer, present: Present): Promise<string[]> {
  const { database } = server.environment();
  return database.read(async (tx) => {
    const wrong: string[] = [];
    const all = { after: "", limit: 100_000, pathPrefix: "/" };
    const stored = { users: await users.list(tx, accountId, all), policies: await policies.list(tx, accountId, all) };
    const counted = await quotas.all(tx, accountId);
    const expected = { UsersPerAccount: stored.users.length, PoliciesPerAccount: stored.policies.length };
    for (const [name, rows] of Object.entries(expected)) {
      if (counted.get(name) !== rows) wrong.push(`${name} counts ${counted.get(name)}, there are ${rows}`);
    }
    if (stored.users.length !== present.users) wrong.push("two ways to list users disagree");
    const shared = stored.policies.find(({ name }) => name === sharedPolicy);
    if (shared?.attachmentCount !== present.attachedToShared) {
      wrong.push(`shared policy: ${shared?.attachmentCount} attachments counted, ${present.attachedToShared} there`);
    }
    const owners = new Set(stored.users.map(({ id }) => id));
    for (const key of await accessKeys.secrets.page(tx, { after: "", limit: 100_000 })) {
      if (!owners.has(key.ownerId)) wrong.push(`key ${key.id} has no owner`);
    }
    return wrong;
  });
}

/** Every committed change has one record, no other change has any, and none waits. */
async function compareTrail(server: RunningServer, ledger: Ledger, landed: readonly Change[]): Promise<string[]> {
  const wrong: string[] = [];
  const events = await trailEvents(server);
  const changes = events.filter((event) => isChange(event) && event.errorCode === undefined);
  const recorded = new Map<string, number>();
  for (const { requestID } of changes) recorded.set(requestID, (recorded.get(requestID) ?? 0) + 1);
  for (const [id, count] of recorded) if (count > 1) wrong.push(`${count} records of request ${id}`);
  for (const id of ledger.acknowledged) if (!recorded.has(id)) wrong.push(`no record of acknowledged request ${id}`);
  const unacknowledged = changes.filter(({ requestID }) => !ledger.acknowledged.has(requestID));
  const key = (name: unknown, subject: unknown) => `${name} ${subject}`;
  const silent = unacknowledged.map(({ eventName, requestParameters: it }) =>
    key(eventName, it?.["userName"] ?? it?.["policyArn"] ?? policyArn(it?.["policyName"] as string)),
  );
  const done = landed.map(({ parameters: it }) =>
    key(it["Action"], it["UserName"] ?? it["PolicyArn"] ?? policyArn(it["PolicyName"]!)),
  );
  if (silent.sort().join() !== done.sort().join()) {
    wrong.push(`unanswered changes on record: ${silent.join()}; in the store: ${done.join()}`);
  }
  const waiting = await server.environment().database.read((tx) => outboxCount(tx));
  if (waiting > 0) wrong.push(`${waiting} records still wait in the outbox`);
  return wrong;
}

function isChange({ eventName, requestParameters }: TrailEvent): boolean {
  const it = requestParameters ?? {};
  const name = it["userName"] ?? it["policyName"] ?? it["policyArn"];
  return typeof name === "string" && /(^|\/)r\d+-/.test(name) && !/^(Get|List)/.test(eventName);
}
