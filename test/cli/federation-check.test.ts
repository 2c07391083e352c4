/** `rolecall federation check` from files, without a server. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyDirectory, rolecall } from "../harness/cli.ts";
import { publicJwk, signingKey, tokenOf } from "../harness/oidc-issuer.ts";
import { trust } from "../harness/world.ts";

const directory = emptyDirectory();
const key = signingKey("one", "ES256");
const issuer = "token.actions.githubusercontent.com";
const role = "arn:aws:iam::111122223333:role/deploy";
const provider = `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
const sub = "repo:octo-org/octo-repo:ref:refs/heads/main";
/** Long ago: `--at` says when it is. */
const issued = Date.parse("2026-01-02T03:00:00Z") / 1000;
const at = ["--at", "2026-01-02T03:10:00Z"];

function write(name: string, text: string): void {
  writeFileSync(join(directory.path, name), text);
}

beforeAll(() => {
  const claims = { iss: `https://${issuer}`, aud: "sts.amazonaws.com", sub, iat: issued, exp: issued + 3600 };
  write("token.jwt", `${tokenOf(key, claims)}\n`);
  write("keys.json", JSON.stringify({ keys: [publicJwk(key)] }));
  write("other-keys.json", JSON.stringify({ keys: [publicJwk(signingKey("one", "ES256"))] }));
  const branch = { Condition: { StringEquals: { [`${issuer}:sub`]: sub } } };
  const environment = { Condition: { StringEquals: { [`${issuer}:sub`]: "repo:octo-org/octo-repo:environment:P" } } };
  write("trust.json", trust({ Federated: provider }, "sts:AssumeRoleWithWebIdentity", branch));
  write("other-trust.json", trust({ Federated: provider }, "sts:AssumeRoleWithWebIdentity", environment));
});
afterAll(() => directory.remove());

const check = (...words: readonly string[]) =>
  rolecall(directory.path, ["federation", "check", "--role", role, "--token", "token.jwt", ...words]);
const withKeys = ["--keys", "keys.json", ...at];

describe("rolecall federation check", () => {
  test("says that it puts on the role", async () => {
    const { code, out, err } = await check(...withKeys, "--trust-policy", "trust.json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/\+ signature/);
    expect(out).toContain(`${issuer}:sub = ${sub}`);
    expect(out).toContain(`It puts on ${role}.`);
  });

  test("says which condition of the trust policy does not hold", async () => {
    const { code, out } = await check(...withKeys, "--trust-policy", "other-trust.json");
    expect(out).toContain("other-trust.json does not apply: StringEquals");
    expect(out).toContain("What would allow it");
    expect(out).toContain("the role's trust policy does not let it in");
    expect(code).toBe(1);
  });

  test.each([
    [["--keys", "keys.json"], "x exp", "ExpiredTokenException (400): Token expired"],
    [["--keys", "other-keys.json", ...at], "x signature", "InvalidIdentityToken (400)"],
    [[...withKeys, "--client-id", "mine", "--client-id", "other"], "wanted: mine, other", "InvalidIdentityToken (400)"],
    [
      [...withKeys, "--provider-url", "https://gitlab.com"],
      "x provider",
      "No OpenIDConnect provider found in your account",
    ],
  ])("%j: what did not hold, and what STS says", async (words, shown, said) => {
    const { code, out } = await check(...words);
    expect(out).toContain(shown);
    expect(out).toContain(
      `STS says no more than: ${said.startsWith("No") ? "InvalidIdentityToken (400): " : ""}${said}`,
    );
    expect(code).toBe(1);
  });

  test("proposes a trust policy, alone, that it is then let in by", async () => {
    const { out } = await check(...withKeys, "--print-trust-policy");
    write("proposed.json", out);
    expect(JSON.parse(out)).toMatchObject({ Statement: [{ Principal: { Federated: provider } }] });
    expect((await check(...withKeys, "--trust-policy", "proposed.json")).code).toBe(0);
  });

  test("--json has all of it, documents as documents", async () => {
    const { out } = await check(...withKeys, "--trust-policy", "other-trust.json", "--json");
    expect(JSON.parse(out)).toMatchObject({
      Allowed: false,
      Provider: provider,
      Explanations: [{ Explanation: { decision: { allowed: false } } }],
      ProposedTrustPolicy: { Statement: [{ Effect: "Allow" }] },
    });
  });

  test.each([
    [["--token", "token.jwt"], "federation check needs --role"],
    [["--role", role], "federation check needs either --token or --assertion"],
    [["--role", role, "--token", "a", "--assertion", "b"], "federation check needs either --token or --assertion"],
    [["--role", role, "--assertion", "b"], "--assertion and --principal-arn"],
    [["--role", role, "--token", "gone.jwt"], "gone.jwt: there is no such file"],
    [["--role", role, "--token", "token.jwt", "--at", "now"], "--at now: give a time such as"],
    [["--role", "deploy", "--token", "token.jwt", ...withKeys], "--role deploy: give the role's ARN"],
    [
      ["--role", role, "--token", "token.jwt", "--keys", "trust.json", ...at],
      "trust.json cannot be used: it is no JWK Set",
    ],
    [
      ["--role", role, "--token", "token.jwt", "--provider-id", "www.amazon.com", ...at],
      "--provider-id needs a server",
    ],
    [["--role", role, "--assertion", "token.jwt", "--principal-arn", "x", ...at], "needs --metadata"],
    [
      ["--role", role, "--assertion", "token.jwt", "--principal-arn", "x", "--metadata", "trust.json"],
      "this is not the metadata",
    ],
  ])("%j says what is wrong", async (words, said) => {
    const { code, err } = await rolecall(directory.path, ["federation", "check", ...words]);
    expect(err).toContain(said);
    expect(err).not.toContain("a defect");
    expect(code).toBe(2);
  });
});
