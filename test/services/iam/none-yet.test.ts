import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noneYetOperations } from "../../../src/services/iam/none-yet/none-yet-operations.ts";
import { account, Harness } from "../harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.open();
  await harness.ok("CreateUser", { UserName: "u", Path: "/p/" });
});
afterAll(() => harness.close());

const names = Object.keys(noneYetOperations) as (keyof typeof noneYetOperations)[];

describe.each(names)("%s", (name) => {
  it("must be allowed of the user, wherever they are", async () => {
    expect(await harness.requirements(name, { UserName: "u" })).toMatchObject([
      { action: `iam:${name}`, resource: `arn:aws:iam::${account}:user/p/u`, shownAs: "user u" },
    ]);
    expect(await harness.requirements(name, { UserName: "nobody" })).toMatchObject([
      { resource: `arn:aws:iam::${account}:user/nobody` },
    ]);
  });

  it("is about the caller where nobody is named: here the root", async () => {
    expect(await harness.requirements(name, {})).toMatchObject([{ resource: `arn:aws:iam::${account}:root` }]);
  });
});

describe("credentials of services", () => {
  it("of all users need permission for all of them, and exclude one user's", async () => {
    const all = { AllUsers: true };
    expect(await harness.requirements("ListServiceSpecificCredentials", all)).toMatchObject([
      { resource: `arn:aws:iam::${account}:user/*` },
    ]);
    expect(await harness.ok("ListServiceSpecificCredentials", all)).toEqual({
      ServiceSpecificCredentials: [],
      IsTruncated: false,
    });
    expect(await harness.refusal("ListServiceSpecificCredentials", { ...all, UserName: "u" })).toMatch(
      /^ValidationError/,
    );
  });
});
