import { expect, test } from "vitest";
import { compile, explain, principalFromArn, requestContext } from "../../../src/policy/index.ts";
import { withoutHiddenValues } from "../../../src/services/rolecall/hidden-values.ts";

const principal = principalFromArn("arn:aws:iam::111122223333:user/ann");
const secret = 'the "blue" team';

/** One's own policy, which asks for a tag of the other account's resource in every way there is. */
const policy = {
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Action: "s3:*",
    Resource: "arn:aws:s3:::b/${aws:ResourceTag/team}/*",
    Condition: {
      StringEquals: { "aws:ResourceTag/team": "red", "aws:username": "${aws:ResourceTag/team}" },
    },
  },
};

test("what the other account has at a key is told neither as data nor in words, as a variable neither", () => {
  const request = {
    principal,
    action: "s3:GetObject",
    resource: "arn:aws:s3:::b/k",
    resourceAccount: "444455556666",
    context: requestContext(principal, { "aws:ResourceTag/team": secret }),
  };
  const [statement] = explain(request, { identity: [compile(JSON.stringify(policy), "identity")] }).statements;
  expect(JSON.stringify(statement)).toContain("blue");
  const hidden = withoutHiddenValues(statement!, { principal: true, resource: false, organization: true });
  const { policy: own, ...rest } = hidden;
  expect(own).toBe(statement!.policy);
  expect(JSON.stringify(rest)).not.toContain("blue");
  expect(rest.words).toContain("(not shown)");
  expect(withoutHiddenValues(statement!, { principal: true, resource: true, organization: true })).toBe(statement);
});
