/** A signature on what needs none: of operations whose proof is in their input, a signature that came along is nothing. */
import { beforeAll, describe, expect, test } from "vitest";
import { send } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { accountA, allow, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const start = starter();
let world: World;

beforeAll(async () => {
  world = await startWorld(start);
  await world.user(world.a, "ann", allow(["iam:*"]));
  await world.a.iam.createLoginProfile({ UserName: "ann", Password: "What it Was 1" });
});

const scope = "20261128/eu-west-1/iam/aws4_request";
/** What no key here has made, in every way in which it can be wrong. */
const signatures = {
  "whose key nobody has": `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/${scope}, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
  "that cannot be read": "AWS4-HMAC-SHA256 nonsense",
  "of another scheme": "Bearer abc",
};
const date = { "x-amz-date": "20261128T120000Z" };
const form = { "content-type": "application/x-www-form-urlencoded" };
const target = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "Rolecall.SignIn" };

async function query(authorization: string, body: string): Promise<string> {
  const answer = await send(world.url, { headers: { ...form, ...date, authorization }, body });
  return `${answer.status} ${/<Code>(\w+)/.exec(answer.body)?.[1] ?? answer.body.slice(0, 40)}`;
}

describe.each(Object.entries(signatures))("a signature %s", (_, authorization) => {
  test("keeps nobody from an operation that needs none", async () => {
    const input = { Account: accountA, UserName: "ann", Password: "What it Was 1" };
    const { status } = await send(world.url, {
      headers: { ...target, ...date, authorization },
      body: JSON.stringify(input),
    });
    expect(status).toBe(200);
    const unsigned = await query("", "Action=AssumeRoleWithWebIdentity&Version=2011-06-15");
    expect(await query(authorization, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15")).toBe(unsigned);
  });

  test("is what any other operation is refused for, whatever it asks", async () => {
    const refusals = await Promise.all(
      ["Action=ListUsers&Version=2010-05-08", "Action=NoSuchThing", "", "Version=1"].map((body) =>
        query(authorization, body),
      ),
    );
    expect(new Set(refusals).size).toBe(1);
    expect(refusals[0]).toMatch(/InvalidClientTokenId|IncompleteSignature|MissingAuthenticationToken/);
  });
});
