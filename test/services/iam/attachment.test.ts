import { expect, test } from "vitest";
import { rootActor } from "../../../src/session/principal.ts";
import { otherAccount } from "../harness.ts";
import { openFurnished, runPolicyCases } from "./policy-cases.ts";

runPolicyCases("attachment.jsonl");

test("attachments are paged by policy name", async () => {
  const harness = await openFurnished();
  const names = ["ReadOnlyAccess", "IAMFullAccess", "AmazonS3FullAccess"];
  for (const name of names) {
    await harness.ok("AttachUserPolicy", { UserName: "Alice", PolicyArn: `arn:aws:iam::aws:policy/${name}` });
  }
  const first = await harness.ok("ListAttachedUserPolicies", { UserName: "Alice", MaxItems: 2 });
  expect(first.AttachedPolicies!.map((policy) => policy.PolicyName)).toEqual(["AmazonS3FullAccess", "IAMFullAccess"]);
  const second = await harness.ok("ListAttachedUserPolicies", {
    UserName: "Alice",
    MaxItems: 2,
    Marker: first.Marker,
  });
  expect(second.AttachedPolicies!.map((policy) => policy.PolicyName)).toEqual(["ReadOnlyAccess"]);
  await harness.close();
});

test("a made-up marker of the right form is refused", async () => {
  const harness = await openFurnished();
  const Marker = Buffer.from(JSON.stringify(["ListAttachedUserPolicies", "x"])).toString("base64url");
  expect(await harness.refusal("ListAttachedUserPolicies", { UserName: "Alice", Marker })).toBe(
    "ValidationError 400: Invalid Marker.",
  );
  await harness.close();
});

test("an account never sees or moves what another has attached", async () => {
  const harness = await openFurnished();
  const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  await harness.ok("AttachUserPolicy", { UserName: "Alice", PolicyArn });
  const caller = rootActor(otherAccount, "aws", "AKIAOTHER", null);
  expect((await harness.ok("GetPolicy", { PolicyArn }, { caller })).Policy!.AttachmentCount).toBe(0);
  expect(await harness.ok("ListEntitiesForPolicy", { PolicyArn }, { caller })).toMatchObject({ PolicyUsers: [] });
  await harness.close();
});
