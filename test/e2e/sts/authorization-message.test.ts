/** DecodeAuthorizationMessage: what a service refused, for the administrators of whoever was refused. */
import { beforeAll, expect, it } from "vitest";
import { refusal } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { received } from "../../harness/received.ts";
import { accountA, accountB, allow, arn, deny, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const goods = "arn:aws:shop:::goods/1";
const notValid = "InvalidAuthorizationMessageException 400: Message is not valid";

interface Decoded {
  readonly explicitDeny: boolean;
  readonly context: { readonly conditions: { readonly items: readonly { key: string; values: object }[] } };
}

onEachDatabase("an encoded message", (start) => {
  let world: World;
  let shop: Caller;

  beforeAll(async () => {
    world = await startWorld(start);
    shop = await world.user(world.a, "shop", allow("rolecall:Authorize"));
  });

  const refused = async (by: Caller, more: object = {}): Promise<string> => {
    const asked = { Request: received(by.keys), Service: "shop", Action: "shop:Buy", Resources: [goods], ...more };
    const { body } = await shop.rolecall("Authorize", asked);
    expect(body).toMatchObject({ Verified: true, Allowed: false });
    return body.EncodedMessage as string;
  };
  const decoded = async (by: Caller, EncodedMessage: string): Promise<Decoded> =>
    JSON.parse((await by.sts.decodeAuthorizationMessage({ EncodedMessage })).DecodedMessage!) as Decoded;
  const keysOf = ({ context }: Decoded) => context.conditions.items.map(({ key }) => key);

  it("has AWS's form", async () => {
    const bob = await world.user(world.a, "bob", deny("shop:*"));
    const { User } = await world.a.iam.getUser({ UserName: "bob" });
    const Context = [{ Key: "shop:Colour", Values: ["red", "blue"] }];
    const message = await decoded(
      world.a,
      await refused(bob, { Context, ResourceTags: [{ Key: "Shelf", Value: "7" }] }),
    );
    expect(message).toMatchObject({
      allowed: false,
      explicitDeny: true,
      matchedStatements: { items: [] },
      failures: { items: [] },
      context: {
        principal: { id: User!.UserId, name: "bob", arn: arn(accountA, "user/bob") },
        action: "shop:Buy",
        resource: goods,
      },
    });
    expect(message.context.conditions.items).toEqual(
      expect.arrayContaining([
        { key: "aws:PrincipalArn", values: { items: [{ value: arn(accountA, "user/bob") }] } },
        { key: "shop:colour", values: { items: [{ value: "red" }, { value: "blue" }] } },
        { key: "aws:ResourceTag/shelf", values: { items: [{ value: "7" }] } },
      ]),
    );
  });

  it("is for the account of whoever was refused, which does not see the other side", async () => {
    const role = await world.role(world.b, "buyer", trust({ AWS: arn(accountB, "user/administrator") }));
    const session = await world.assume(world.b, role);
    const Context = [
      { Key: "shop:Colour", Values: ["red"] },
      { Key: "aws:SourceIp", Values: ["192.0.2.7"] },
    ];
    const message = await refused(session, { Context, ResourceTags: [{ Key: "Shelf", Value: "7" }] });
    expect(await refusal(world.a.sts.decodeAuthorizationMessage({ EncodedMessage: message }))).toBe(notValid);
    const told = await decoded(world.b, message);
    expect(told.explicitDeny).toBe(false);
    expect(keysOf(told)).toContain("aws:PrincipalArn");
    expect(JSON.stringify(told)).not.toMatch(/colour|shelf|192\.0\.2\.7|ResourceOrg|"aws:ResourceAccount/i);
    expect(told.context).toMatchObject({ principal: { name: "session" } });
  });

  it("is told to nobody whom another account's policy denies that it does", async () => {
    const kim = await world.user(world.b, "kim", allow("shop:*"));
    const ResourcePolicy = JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Deny", Principal: "*", Action: "shop:*", Resource: "*" },
    });
    expect((await decoded(world.b, await refused(kim, { ResourcePolicy }))).explicitDeny).toBe(false);
  });

  it("is no longer than AWS takes one", async () => {
    const bob = await world.user(world.a, "bert");
    const Context = [
      { Key: "shop:Long", Values: ["é".repeat(4000)] },
      { Key: "shop:Short", Values: ["x"] },
    ];
    const message = await refused(bob, { Context });
    expect(message.length).toBeLessThanOrEqual(10_240);
    const keys = keysOf(await decoded(world.a, message));
    expect(keys).toContain("shop:short");
    expect(keys).not.toContain("shop:long");
  });

  it("is read by who may, as it was sent", async () => {
    const bob = await world.user(world.a, "bo");
    const EncodedMessage = await refused(bob);
    expect(await refusal(bob.sts.decodeAuthorizationMessage({ EncodedMessage }))).toBe(
      `AccessDenied 403: User: ${arn(accountA, "user/bo")} is not authorized to perform: sts:DecodeAuthorizationMessage because no identity-based policy allows the sts:DecodeAuthorizationMessage action`,
    );
    const changed = EncodedMessage.slice(0, -2) + (EncodedMessage.endsWith("AA") ? "BB" : "AA");
    const session = (await world.a.sts.getSessionToken({})).Credentials!.SessionToken!;
    for (const text of [
      "x",
      `${EncodedMessage} `,
      `${EncodedMessage}=`,
      changed,
      session,
      EncodedMessage.slice(0, 40),
    ]) {
      expect(await refusal(world.a.sts.decodeAuthorizationMessage({ EncodedMessage: text }))).toBe(notValid);
    }
    // Another ring key seals from here on; what the former one sealed still opens.
    await world.a.rolecall("RotateKeys", { Ring: "tokens" });
    expect((await decoded(world.a, EncodedMessage)).explicitDeny).toBe(false);
  });

  it("is in no record of who asked", async () => {
    const EncodedMessage = await refused(await world.user(world.a, "ben"));
    const { body } = await world.a.rolecall("LookupEvents", { EventName: "Authorize" });
    expect((body.Events as string[]).join()).not.toContain(EncodedMessage);
  });
});
