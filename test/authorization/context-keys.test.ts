import { describe, expect, it } from "vitest";
import { contextKeys } from "../../src/authorization/context-keys.ts";
import type { ContextSources } from "../../src/authorization/context-keys.ts";
import { Effort } from "../../src/policy/effort.ts";
import { foldName } from "../../src/policy/name.ts";
import { userCaller } from "../../src/session/principal.ts";

const account = "111122223333";

function sources(requirement: Partial<ContextSources["requirement"]>): ContextSources {
  return {
    caller: userCaller(
      {
        kind: "user",
        id: "AIDA1",
        account,
        name: "ann",
        path: "/",
        boundaryArn: null,
        tags: [{ key: "team", value: "a" }],
      } as never,
      "aws",
      "AKIA1",
      null,
    ),
    request: {
      now: 1_700_000_000_000,
      sourceIp: "192.0.2.1",
      userAgent: "agent",
      referer: "there",
      secure: true,
      region: "r-1",
      effort: new Effort(),
    },
    requirement: {
      action: "a:b",
      resourceAccount: account,
      resourceTags: [{ key: "team", value: "a" }],
      requestTags: [{ key: "team", value: "a" }],
      ...requirement,
    },
    callerOrganization: { id: "o-1", path: "o-1/r-1/" },
    resourceOrganization: { id: "o-2", path: "o-2/r-1/" },
  };
}

describe("what a service outside gives", () => {
  const known = new Map(contextKeys(sources({})).entries());

  it("lies under everything that rolecall knows, whichever key it is", () => {
    expect(known.size).toBeGreaterThan(15);
    const given = new Map([...known.keys()].map((key): [string, string] => [key, "forged"]));
    expect(new Map(contextKeys(sources({ given })).entries())).toEqual(known);
  });

  it("is there where rolecall knows nothing", () => {
    expect(contextKeys(sources({ given: new Map([["shop:colour", "red"]]) })).get("shop:colour")).toBe("red");
  });
});

describe("a name without its case", () => {
  it("is in ASCII only where it was before", () => {
    for (let unit = 0x80; unit <= 0xffff; unit++) {
      const name = String.fromCharCode(unit);
      expect(/[\0-\x7f]/.test(foldName(name)), unit.toString(16)).toBe(false);
    }
  });

  it("is the same in either case", () => {
    expect(foldName("AWS:TokenIssueTime")).toBe("aws:tokenissuetime");
    expect(foldName("aws:RequestTag/\u00c4RGER")).toBe("aws:requesttag/\u00e4rger");
    expect(foldName("aws:To\u212aENIssueTime")).toBe("aws:to\u212aenissuetime");
  });
});
