import { describe, expect, it } from "vitest";
import { parse } from "../../../src/policy/document/parse.ts";
import { principalsOf, renderPrincipals } from "../../../src/policy/document/principals.ts";

const text = `{
  "Version" : "2012-10-17",
  "Statement": [ {"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},
    {"Effect":"Deny", "NotPrincipal" : {"AWS":["arn:aws:iam::111122223333:role/\\u0061", "111122223333"]},
     "Principal" : {"Service":"ec2.amazonaws.com" , "AWS": "arn:aws:iam::111122223333:user/b"},"Action":"sts:AssumeRole"} ]
}
`;
// Principal and NotPrincipal exclude each other, so that each is looked at in a document of its own.
const withPrincipal = text.replace(/"NotPrincipal".*\n/, "");
const withNotPrincipal = text.replace(/"Principal" : \{.*?\},/, "");

describe("principalsOf", () => {
  it("names every principal by the path that bindings use", () => {
    expect(principalsOf(parse(withPrincipal))).toEqual([
      { path: "1/Principal/Service/0", type: "Service", value: "ec2.amazonaws.com" },
      { path: "1/Principal/AWS/0", type: "AWS", value: "arn:aws:iam::111122223333:user/b" },
    ]);
    expect(principalsOf(parse(withNotPrincipal))).toEqual([
      { path: "1/NotPrincipal/AWS/0", type: "AWS", value: "arn:aws:iam::111122223333:role/a" },
      { path: "1/NotPrincipal/AWS/1", type: "AWS", value: "111122223333" },
    ]);
  });
});

describe("renderPrincipals", () => {
  it("leaves the text alone, byte for byte, where nothing is replaced", () => {
    expect(renderPrincipals(withPrincipal, (_path, value) => value)).toBe(withPrincipal);
    expect(renderPrincipals(withNotPrincipal, (_path, value) => value)).toBe(withNotPrincipal);
  });

  it("replaces values in place and calls with the paths of principalsOf", () => {
    const seen: string[] = [];
    const rendered = renderPrincipals(withNotPrincipal, (path, value) => {
      seen.push(path);
      return path.endsWith("/0") ? 'AROA"X' : value;
    });
    expect(seen).toEqual(["1/NotPrincipal/AWS/0", "1/NotPrincipal/AWS/1"]);
    expect(rendered).toBe(
      withNotPrincipal.replace('"arn:aws:iam::111122223333:role/\\u0061"', JSON.stringify('AROA"X')),
    );
    expect(renderPrincipals(withPrincipal, (path) => path)).toBe(
      withPrincipal
        .replace('"ec2.amazonaws.com"', '"1/Principal/Service/0"')
        .replace('"arn:aws:iam::111122223333:user/b"', '"1/Principal/AWS/0"'),
    );
  });
});
