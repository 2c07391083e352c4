import { expect, test } from "vitest";
import { openFurnished, readDocument, runPolicyCases } from "./policy-cases.ts";

runPolicyCases("policy-version.jsonl");

const PolicyArn = "arn:aws:iam::111122223333:policy/team/Reader";

test("versions are paged from the newest on", async () => {
  const harness = await openFurnished();
  for (let count = 0; count < 4; count++) {
    await harness.ok("CreatePolicyVersion", { PolicyArn, PolicyDocument: readDocument });
  }
  const first = await harness.ok("ListPolicyVersions", { PolicyArn, MaxItems: 3 });
  expect(first.Versions!.map((version) => version.VersionId)).toEqual(["v5", "v4", "v3"]);
  const second = await harness.ok("ListPolicyVersions", { PolicyArn, MaxItems: 3, Marker: first.Marker });
  expect(second.Versions!.map((version) => version.VersionId)).toEqual(["v2", "v1"]);
  expect(second.IsTruncated).toBe(false);
  // A marker is good for its own operation alone.
  expect(await harness.refusal("ListPolicies", { Marker: first.Marker })).toBe("ValidationError 400: Invalid Marker.");
  await harness.close();
});

test("a policy is updated when a version is made", async () => {
  const harness = await openFurnished();
  const before = (await harness.ok("GetPolicy", { PolicyArn })).Policy!;
  expect(before.UpdateDate).toEqual(before.CreateDate);
  harness.clock.advance(60_000);
  await harness.ok("CreatePolicyVersion", { PolicyArn, PolicyDocument: readDocument });
  const after = (await harness.ok("GetPolicy", { PolicyArn })).Policy!;
  expect(after.CreateDate).toEqual(before.CreateDate);
  expect(after.UpdateDate!.getTime()).toBe(before.UpdateDate!.getTime() + 60_000);
  await harness.close();
});
