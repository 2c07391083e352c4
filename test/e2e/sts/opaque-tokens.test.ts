/** Tokens that say nothing by themselves, of Login with Amazon and of Facebook: a local server stands for both. */
import { STS } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { casesIn } from "../../harness/cases.ts";
import { TestClock } from "../../harness/deterministic.ts";
import { TestIssuer } from "../../harness/oidc-issuer.ts";
import { starter } from "../../harness/places.ts";
import { sdkFault } from "../../harness/sdk-call.ts";
import { accountA, allow, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";
import { sessionKeys } from "../../harness/clients.ts";

interface Case {
  readonly name: string;
  readonly provider: string;
  readonly token: string;
  readonly status?: number;
  readonly answer?: object;
  readonly expect: string | object;
}

const start = starter();
const now = Math.floor(Date.now() / 1000);
let providers: TestIssuer;
let world: World;
let role: string;

const federated = (name: string, key: string, value: string) => ({
  Effect: "Allow",
  Principal: { Federated: name },
  Action: "sts:AssumeRoleWithWebIdentity",
  Condition: { StringEquals: { [`${name}:${key}`]: value } },
});

beforeAll(async () => {
  providers = await TestIssuer.start();
  world = await startWorld(start, {
    clock: new TestClock(now * 1000),
    issuers: { privateIssuers: [{ host: "127.0.0.1", port: providers.port }], authorities: [providers.ca] },
    introspection: {
      "www.amazon.com": `${providers.url}/auth/o2/tokeninfo`,
      "graph.facebook.com": `${providers.url}/debug_token?access_token=app%7Csecret`,
    },
  });
  role = await world.role(
    world.a,
    "mobile",
    document(
      federated("www.amazon.com", "app_id", "amzn1.application.a"),
      federated("graph.facebook.com", "app_id", "138483919580948"),
    ),
    allow("iam:GetRole", "*", { Condition: { StringEquals: { "www.amazon.com:user_id": "amzn1.account.U" } } }),
  );
});

afterAll(() => providers.close());

async function shown(url: string, { provider, token }: Pick<Case, "provider" | "token">) {
  const sts = new STS({ endpoint: url, region: "us-east-1", maxAttempts: 1 });
  return sts
    .assumeRoleWithWebIdentity({
      RoleArn: role,
      RoleSessionName: "phone",
      WebIdentityToken: token,
      ProviderId: provider,
    })
    .catch(sdkFault);
}

test.each(casesIn<Case>("federation/opaque-tokens.jsonl"))("$name", async (one) => {
  const asked: URL[] = [];
  providers.behaviour = ({ url }, response) => {
    asked.push(new URL(url!, providers.url));
    response.writeHead(one.status ?? 200, { location: "https://127.0.0.1:1/" }).end(JSON.stringify(one.answer));
    return true;
  };
  const expected = JSON.parse(JSON.stringify(one.expect).replaceAll("${now}", String(now))) as string | object;
  const answer = await shown(world.url, one);
  if (typeof expected === "string") expect(answer).toBe(expected);
  else expect(answer).toMatchObject(expected);
  // Only whom the endpoint names is told of the token, and only where there is something to ask.
  const parameters = asked.map(({ searchParams }) => Object.fromEntries(searchParams));
  const amazon = [{ access_token: one.token }];
  const facebook = [{ access_token: "app|secret", input_token: one.token }];
  expect(parameters).toEqual(one.answer === undefined ? [] : one.provider === "www.amazon.com" ? amazon : facebook);
});

test("who it is stays with the session, as policies of mobile applications have it", async () => {
  providers.behaviour = (_, response) => {
    response.end(JSON.stringify({ app_id: "amzn1.application.a", user_id: "amzn1.account.U", exp: 60 }));
    return true;
  };
  const answer = await shown(world.url, { provider: "www.amazon.com", token: "Atza|good" });
  if (typeof answer === "string") throw new Error(answer);
  const phone = world.as(sessionKeys(answer.Credentials));
  expect((await phone.iam.getRole({ RoleName: "mobile" })).Role?.RoleName).toBe("mobile");
});

test("nobody is asked where no endpoint is set", async () => {
  const { url, a } = await startWorld(start);
  await a.iam.createRole({ RoleName: "mobile", AssumeRolePolicyDocument: trust({ AWS: accountA }) });
  expect(await shown(url, { provider: "www.amazon.com", token: "Atza|good" })).toMatch(/^IDPCommunicationError: /);
});
