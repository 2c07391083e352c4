/** Writes users without end and prints each name once its write was acknowledged. Started and killed by a test. */
import { writeSync } from "node:fs";

import * as accounts from "../../src/store/organizations/accounts.ts";
import { openDatabase } from "../../src/store/open.ts";
import * as users from "../../src/store/iam/users.ts";

const [path, round] = process.argv.slice(2) as [string, string];
const account = "100000000001";
const db = await openDatabase({ sqlite: path });
await db.write(async (tx) => {
  if ((await accounts.byId(tx, account)) === null) {
    await accounts.create(tx, { id: account, name: "written", partition: "aws", createdAt: 1 });
  }
});

async function lane(number: number): Promise<never> {
  for (let index = 0; ; index++) {
    const name = `u-${round}-${number}-${index}`;
    const user = { id: `AIDA-${name}`, account, name, path: "/", createdAt: 1, tags: [{ key: "k", value: name }] };
    await db.write((tx) => users.create(tx, user));
    writeSync(1, `${name}\n`);
  }
}

await Promise.all([0, 1, 2, 3, 4].map(lane));
