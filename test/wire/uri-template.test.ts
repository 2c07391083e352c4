import { describe, expect, it } from "vitest";
import { uriTemplate } from "../../src/wire/uri-template.ts";

describe("a path with labels", () => {
  const policy = uriTemplate("/authorization-details/{authorizationId}/policy");
  const greedy = uriTemplate("/tags/{Arn+}");

  it.each([
    [policy, "/authorization-details/a1/policy", { authorizationId: "a1" }],
    [policy, "/authorization-details/a%2Fb%20%C3%A9/policy", { authorizationId: "a/b é" }],
    [greedy, "/tags/arn:aws:iam::1:role/a/b", { Arn: "arn:aws:iam::1:role/a/b" }],
    [uriTemplate("/a.b"), "/a.b", {}],
  ])("%# is read from %s", (template, path, labels) => {
    expect(template.matches(path)).toBe(true);
    expect(template.read(path)).toEqual(labels);
  });

  it.each([
    [policy, "/authorization-details//policy"],
    [policy, "/authorization-details/a/b/policy"],
    [policy, "/authorization-details/a/policy/"],
    [policy, "/authorization-details/a/policy\n"],
    [greedy, "/tags/"],
    [uriTemplate("/a.b"), "/aXb"],
  ])("%# is not in %s", (template, path) => {
    expect(template.matches(path)).toBe(false);
  });

  it.each(["%", "%zz", "%ff", "%ed%a0%80"])("%s is no text", (text) => {
    expect(() => policy.read(`/authorization-details/${text}/policy`)).toThrow(
      expect.objectContaining({ code: "SerializationException", status: 400 }) as Error,
    );
  });

  it("has no query", () => {
    expect(() => uriTemplate("/a?b=c")).toThrow(/query/);
  });
});
