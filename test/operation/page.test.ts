import { describe, expect, it } from "vitest";
import { Fault } from "../../src/contracts/fault.ts";
import { atHand, pagesOf } from "../../src/operation/page.ts";
import type { Source } from "../../src/operation/page.ts";

const iam = pagesOf("iam", (member) => new Fault("ValidationError", 400, member));
const rolecall = pagesOf("rolecall", (member) => new Fault("ValidationException", 400, member));

const names = atHand(["c", "a", "b"], (name) => name);

describe("a page", () => {
  it("has the members that the contract names, in the order of keys", async () => {
    const { items, end } = await iam.page("ListUsers", { MaxItems: 2 }, names);
    expect({ items, end }).toEqual({
      items: ["a", "b"],
      end: { IsTruncated: true, Marker: expect.any(String) as string },
    });
    const rest = await iam.page("ListUsers", { MaxItems: 2, Marker: end.Marker! }, names);
    expect(rest).toEqual({ items: ["c"], end: { IsTruncated: false } });
  });

  it("of rolecall's has a NextToken and nothing that says whether there is more", async () => {
    const { items, end } = await rolecall.page("ListAccounts", { MaxResults: 1 }, names);
    expect({ items, end }).toEqual({ items: ["a"], end: { NextToken: expect.any(String) as string } });
    const rest = await rolecall.page("ListAccounts", { NextToken: end.NextToken! }, names);
    expect(rest).toEqual({ items: ["b", "c"], end: {} });
  });

  it("asks for one item more than it shows, and for a hundred where no number is named", async () => {
    const limits: number[] = [];
    const source: Source<string> = {
      keyOf: (item) => item,
      fetch: (_after, limit) => {
        limits.push(limit);
        return [];
      },
    };
    await iam.page("ListUsers", {}, source);
    await iam.page("ListUsers", { MaxItems: 7 }, source);
    expect(limits).toEqual([101, 8]);
  });

  it.each(["made up", "", Buffer.from(`["ListUsers","a\\u0000"]`).toString("base64url")])(
    "goes on with no marker like %j",
    async (Marker) => {
      await expect(iam.page("ListUsers", { Marker }, names)).rejects.toThrow(
        new Fault("ValidationError", 400, "Marker"),
      );
    },
  );

  it("goes on with its own operation's markers alone", async () => {
    const { end } = await iam.page("ListRoles", { MaxItems: 1 }, names);
    await expect(iam.page("ListUsers", { Marker: end.Marker! }, names)).rejects.toThrow("Marker");
  });
});

describe("a list", () => {
  it("is the member that the contract names, of what is shown of each item", async () => {
    const show = async (name: string) => ({ GroupName: name }) as never;
    expect(await iam.list("ListGroups", { MaxItems: 1 }, { ...names, show })).toEqual({
      Groups: [{ GroupName: "a" }],
      IsTruncated: true,
      Marker: expect.any(String) as string,
    });
  });
});
