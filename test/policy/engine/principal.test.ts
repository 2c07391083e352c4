import { describe, expect, test } from "vitest";
import { principalFromArn, requestContext } from "../../../src/policy/index.ts";
import type { Principal } from "../../../src/policy/index.ts";

const account = "111122223333";
const role = "arn:aws:iam::111122223333:role/team/x";

/** The keys that every principal of an account has. */
/** No ARN: seen at AWS while trust policies are evaluated. */
const fromOutside = (provider: string) => ({
  "aws:principaltype": "User",
  "aws:principalaccount": account,
  "aws:principalisawsservice": "false",
  "aws:userid": provider,
});

const ofAccount = (type: string, arn: string) => ({
  "aws:principalarn": arn,
  "aws:principalaccount": account,
  "aws:principaltype": type,
  "aws:principalisawsservice": "false",
});

// The keys: reference_policies_condition-keys, reference_policies_variables#principaltable. Ids do not follow from an ARN.
const rows: readonly (readonly [text: string, principal: Principal, keys: Record<string, string>])[] = [
  [
    `arn:aws:iam::${account}:root`,
    { type: "Root", account, arn: `arn:aws:iam::${account}:root` },
    { ...ofAccount("Account", `arn:aws:iam::${account}:root`), "aws:userid": account },
  ],
  [
    `arn:aws:iam::${account}:user/team/ann`,
    { type: "User", account, arn: `arn:aws:iam::${account}:user/team/ann`, id: "" },
    { ...ofAccount("User", `arn:aws:iam::${account}:user/team/ann`), "aws:username": "ann" },
  ],
  [
    `arn:aws:iam::${account}:group/g`,
    { type: "User", account, arn: `arn:aws:iam::${account}:group/g`, id: "" },
    { ...ofAccount("User", `arn:aws:iam::${account}:group/g`), "aws:username": "g" },
  ],
  [
    role,
    {
      type: "RoleSession",
      account,
      arn: `arn:aws:sts::${account}:assumed-role/x/session`,
      roleArn: role,
      roleId: "",
      sessionName: "session",
    },
    ofAccount("AssumedRole", role),
  ],
  [
    `arn:aws-cn:sts::${account}:assumed-role/x/s`,
    {
      type: "RoleSession",
      account,
      arn: `arn:aws-cn:sts::${account}:assumed-role/x/s`,
      roleArn: `arn:aws-cn:iam::${account}:role/x`,
      pathUnknown: true,
      roleId: "",
      sessionName: "s",
    },
    // The role's ARN, not the session's.
    ofAccount("AssumedRole", `arn:aws-cn:iam::${account}:role/x`),
  ],
  [
    `arn:aws:sts::${account}:federated-user/f`,
    {
      type: "FederatedUser",
      account,
      arn: `arn:aws:sts::${account}:federated-user/f`,
      name: "f",
      issuer: { type: "User", arn: "", id: "" },
    },
    {
      ...ofAccount("FederatedUser", `arn:aws:sts::${account}:federated-user/f`),
      "aws:userid": `${account}:f`,
    },
  ],
  [
    `arn:aws:iam::${account}:oidc-provider/idp.example/path`,
    { type: "WebIdentity", provider: `arn:aws:iam::${account}:oidc-provider/idp.example/path`, account },
    fromOutside(`arn:aws:iam::${account}:oidc-provider/idp.example/path`),
  ],
  [
    `arn:aws:iam::${account}:saml-provider/s`,
    { type: "SAML", provider: `arn:aws:iam::${account}:saml-provider/s`, account },
    fromOutside(`arn:aws:iam::${account}:saml-provider/s`),
  ],
  [
    "sns.amazonaws.com",
    { type: "Service", service: "sns.amazonaws.com" },
    { "aws:principalisawsservice": "true", "aws:principalservicename": "sns.amazonaws.com" },
  ],
  [
    "s3-outposts.amazonaws.com.cn",
    { type: "Service", service: "s3-outposts.amazonaws.com.cn" },
    { "aws:principalisawsservice": "true", "aws:principalservicename": "s3-outposts.amazonaws.com.cn" },
  ],
  ["*", { type: "Anonymous" }, { "aws:principaltype": "Anonymous", "aws:userid": "anonymous" }],
  ["anonymous", { type: "Anonymous" }, { "aws:principaltype": "Anonymous", "aws:userid": "anonymous" }],
];

describe("principalFromArn", () => {
  test.each(rows)("%s", (text, principal) => {
    expect(principalFromArn(text)).toEqual(principal);
  });

  test.each([
    "",
    "ann",
    "user/ann",
    ".amazonaws.com",
    "sns.amazonaws.com.",
    "sns.amazonaws.com/x",
    "SNS.amazonaws.com",
    "x sns.amazonaws.com",
    "arn:aws:s3:::b",
    "arn:aws:iam::1:user/ann",
    "arn:aws:iam::aws:policy/p",
    "arn:aws:iam::111122223333:policy/p",
    "arn:aws:iam::111122223333:",
    "arn:aws:iam::111122223333:root/x",
    "arn:aws:iam::111122223333:user",
    "arn:aws:iam::111122223333:user/",
    "arn:aws:iam::111122223333:role",
    "arn:aws:sts::111122223333:assumed-role/x",
    "arn:aws:sts::111122223333:assumed-role/x/",
    "arn:aws:sts::111122223333:assumed-role//s",
    "arn:aws:sts::111122223333:assumed-role/x/s/t",
    "arn:aws:sts::111122223333:user/ann",
    "arn:aws:iam::111122223333:assumed-role/x/s",
  ])("refuses %j", (text) => {
    expect(() => principalFromArn(text)).toThrow(new RangeError(`not a principal: ${text}`));
  });
});

describe("requestContext", () => {
  const entries = (principal: Principal, extras = {}) =>
    Object.fromEntries(requestContext(principal, extras).entries());

  test.each(rows)("of %s", (text, _principal, keys) => {
    expect(entries(principalFromArn(text))).toEqual(keys);
  });

  test("has the ids that are known", () => {
    const known = (text: string, more: object) => ({ ...principalFromArn(text), ...more }) as Principal;
    expect(entries(known(`arn:aws:iam::${account}:user/ann`, { id: "AIDAAAAAAAAAAAAAAAAA2" }))).toMatchObject({
      "aws:userid": "AIDAAAAAAAAAAAAAAAAA2",
    });
    expect(entries(known(role, { roleId: "AROAAAAAAAAAAAAAAAAA2", sessionName: "s" }))).toMatchObject({
      "aws:userid": "AROAAAAAAAAAAAAAAAAA2:s",
    });
  });

  test("what is given wins, and null takes away", () => {
    const given = { "AWS:UserName": "bob", "aws:PrincipalType": null, "aws:PrincipalAccount": undefined, "k:v": ["a"] };
    const arn = `arn:aws:iam::${account}:user/ann`;
    expect(entries(principalFromArn(arn), { ...given, "k:n": 7, "k:b": false })).toEqual({
      "aws:principalarn": arn,
      "aws:principalisawsservice": "false",
      "aws:username": "bob",
      "k:v": ["a"],
      "k:n": "7",
      "k:b": "false",
    });
  });
});
