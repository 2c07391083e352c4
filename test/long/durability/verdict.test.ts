/** The judge itself: what was tampered with is found. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { caller } from "../../harness/clients.ts";
import { starter } from "../../harness/places.ts";
import { Random } from "../../harness/random.ts";
import { Ledger, startLoad } from "./load.ts";
import { seed } from "../../harness/seed.ts";
import { accountId, groupNames, policyArn, policyText, sharedPolicy } from "./subject.ts";
import { judge } from "./verdict.ts";

const start = starter();

test("a change behind the writers' backs, a lost one, and one without a record are each found", async () => {
  const server = await start({ first: { id: accountId } });
  const administrator = server.created[0]!;
  const { iam } = caller(server.url, administrator);
  for (const GroupName of groupNames) await iam.createGroup({ GroupName });
  await iam.createPolicy({ PolicyName: sharedPolicy, PolicyDocument: policyText(0) });
  const ledger = new Ledger();
  const random = new Random(seed);
  const unattached = () => ledger.subjects.find(({ state }) => state?.kind === "user" && !state.attached);
  const aPolicy = () => ledger.subjects.find(({ kind }) => kind === "policy");
  for (let round = 0; unattached() === undefined || aPolicy() === undefined; round++) {
    const prefix = `r${round}`;
    const load = startLoad({ url: server.url, administrator, ledger, random, lanes: 4, prefix, mortal: false });
    const enough = ledger.acknowledged.size + 100;
    while (ledger.acknowledged.size < enough) await sleep(5);
    await load.stop();
  }
  expect(await judge(server, administrator, ledger)).toEqual([]);

  const user = unattached()!;
  await iam.attachUserPolicy({ UserName: user.name, PolicyArn: policyArn(sharedPolicy) });
  const behind = await judge(server, administrator, ledger);
  expect(behind).toEqual([
    expect.stringMatching(new RegExp(`^${user.name} is .*"attached":true.*, must be .*"attached":false`)),
    `unanswered changes on record: AttachUserPolicy ${user.name}; in the store: `,
  ]);
  await iam.detachUserPolicy({ UserName: user.name, PolicyArn: policyArn(sharedPolicy) });

  const policy = aPolicy()!;
  policy.state = { kind: "policy", versions: [1, 2, 3, 4, 5, 6], standard: 6, next: 7 };
  expect(await judge(server, administrator, ledger)).toContainEqual(expect.stringMatching(`^${policy.name} is `));

  ledger.acknowledged.add("no-such-request");
  const unrecorded = await judge(server, administrator, ledger);
  expect(unrecorded).toContain("no record of acknowledged request no-such-request");
});
