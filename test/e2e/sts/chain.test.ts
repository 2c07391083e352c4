/** A chain of five roles over two accounts, from a user who has shown a code: who it was is readable at every step. */
import { expect, test } from "vitest";
import { refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { phoneOf } from "../../harness/phone.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import type { TrailEvent } from "../../harness/trail-events.ts";
import { accountA, accountB, allow, arn, startWorld, trust } from "../../harness/world.ts";

interface Hats {
  readonly sessionId: string;
  readonly parentSessionId?: string;
  readonly originSessionId: string;
  readonly originArn: string;
}

const hatsOf = (event: TrailEvent) => event.additionalEventData["hats"] as Hats | undefined;
const issuedBy = (event: TrailEvent) =>
  event.additionalEventData["issuedSession"] as { readonly sessionId: string; readonly chainDepth: number } | undefined;

onEachDatabase("a chain of five roles", (start) => {
  test("from a user with a code: source identity, transitive tags and the person stay to the end, MFA does not", async () => {
    const world = await startWorld(start);
    const ann = await world.user(world.a, "ann", allow("sts:*"));
    const phone = await phoneOf(world.a, "ann");
    const actions = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];
    const roles: string[] = [];
    for (let step = 1; step <= 5; step++) {
      const seen =
        step === 1
          ? { Bool: { "aws:MultiFactorAuthPresent": "true" }, StringEquals: { "aws:RequestTag/team": "blue" } }
          : {
              Bool: { "aws:MultiFactorAuthPresent": "false" },
              StringEquals: { "aws:PrincipalTag/team": "blue", "aws:SourceIdentity": "ann.example" },
              Null: { "aws:PrincipalTag/once": step === 2 ? "false" : "true" },
            };
      const admin = step % 2 === 0 ? world.b : world.a;
      const from = step % 2 === 0 ? accountA : step === 1 ? accountA : accountB;
      const policy = trust({ AWS: from }, actions, { Condition: seen });
      roles.push(await world.role(admin, `role-${step}`, policy, allow(["sts:*", "iam:ListUsers"])));
    }

    let who: Caller = ann;
    for (const [index, RoleArn] of roles.entries()) {
      const first = {
        SourceIdentity: "ann.example",
        Tags: [
          { Key: "team", Value: "blue" },
          { Key: "once", Value: "x" },
        ],
        TransitiveTagKeys: ["team"],
        ...phone.shows(),
      };
      const asked = { RoleArn, RoleSessionName: `step-${index + 1}`, ...(index === 0 ? first : {}) };
      const answer = await who.sts.assumeRole(asked);
      expect(answer.SourceIdentity).toBe("ann.example");
      who = world.as(sessionKeys(answer.Credentials));
    }
    expect((await who.iam.listUsers({})).Users).toBeDefined();
    // Neither who it is nor what it is tagged with can be changed on the way.
    const again = { RoleArn: roles[1]!, RoleSessionName: "again" };
    expect(await refusal(who.sts.assumeRole({ ...again, SourceIdentity: "bob" }))).toMatch(
      /^(ValidationError|AccessDenied)/,
    );
    expect(await refusal(who.sts.assumeRole({ ...again, Tags: [{ Key: "team", Value: "red" }] }))).toMatch(
      /^(InvalidParameterValue|AccessDenied)/,
    );

    // From here on by the trail alone, backwards from the last call. What the account of a role has of a call from
    // another one names the account alone.
    const events = (await trailEvents(world.server)).filter(({ userIdentity }) => userIdentity.type !== "AWSAccount");
    const last = events.find(
      ({ eventName, userIdentity }) => eventName === "ListUsers" && userIdentity.type === "AssumedRole",
    )!;
    const way: string[] = [];
    let event: TrailEvent | undefined = last;
    for (let depth = 5; depth > 0; depth--) {
      const hats: Hats = hatsOf(event!)!;
      expect(hats.originArn).toBe(arn(accountA, "user/ann"));
      expect(event!.userIdentity).toMatchObject({
        sessionContext: { sourceIdentity: "ann.example", attributes: { mfaAuthenticated: "false" } },
      });
      way.push(event!.userIdentity.arn!);
      event = events.find(
        (earlier) =>
          issuedBy(earlier)?.sessionId === hats.sessionId && hatsOf(earlier)?.sessionId === hats.parentSessionId,
      );
      expect(issuedBy(event!)).toMatchObject({ chainDepth: depth - 1 });
    }
    expect(way.map((each) => each.split("/").slice(1).join(" "))).toEqual(
      [5, 4, 3, 2, 1].map((step) => `role-${step} step-${step}`),
    );
    expect(event).toMatchObject({
      userIdentity: { type: "IAMUser", arn: arn(accountA, "user/ann") },
      requestParameters: { sourceIdentity: "ann.example", serialNumber: phone.serial },
      additionalEventData: { MFAUsed: "Yes", MFAIdentifier: phone.serial },
    });
    expect(hatsOf(last)!.originSessionId).toBe(issuedBy(event!)!.sessionId);
  });
});
