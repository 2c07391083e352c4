/** A whole server whose issuers hang, cannot be reached, or have their keys given by hand. */
import { STS } from "@aws-sdk/client-sts";
import { afterEach, expect, test } from "vitest";
import type { IssuerFailure } from "../../../src/federation/oidc/issuer-failure.ts";
import { refusal } from "../../harness/clients.ts";
import { publicJwk, signingKey, TestIssuer } from "../../harness/oidc-issuer.ts";
import { starter } from "../../harness/places.ts";
import { accountA, allow, arn, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const start = starter();
const issuers: TestIssuer[] = [];
afterEach(() => Promise.all(issuers.splice(0).map((issuer) => issuer.close())));

async function trusting(count: number): Promise<{ world: World; sts: STS; of: TestIssuer[]; failures: string[] }> {
  const of = await Promise.all(Array.from({ length: count }, () => TestIssuer.start()));
  issuers.push(...of);
  const failures: string[] = [];
  const world = await startWorld(start, {
    issuers: { privateIssuers: of.map(({ port }) => ({ host: "127.0.0.1", port })), authorities: [of[0]!.ca] },
    onIssuerFailure: (url: string, { kind }: IssuerFailure) => failures.push(`${url} ${kind}`),
    metrics: { host: "127.0.0.1", port: 0 },
  });
  for (const [index, { url, name }] of of.entries()) {
    await world.a.iam.createOpenIDConnectProvider({ Url: url, ClientIDList: ["sts.amazonaws.com"] });
    const Federated = arn(accountA, `oidc-provider/${name}`);
    await world.role(world.a, `role-${index}`, trust({ Federated }, "sts:AssumeRoleWithWebIdentity"), allow("*"));
  }
  return { world, sts: new STS({ endpoint: world.url, region: "us-east-1", maxAttempts: 1 }), of, failures };
}

const assuming = (sts: STS, index: number, token: string) =>
  sts.assumeRoleWithWebIdentity({
    RoleArn: arn(accountA, `role/role-${index}`),
    RoleSessionName: "session",
    WebIdentityToken: token,
  });

test("an issuer that hangs holds up who waits for it, and nobody else", async () => {
  const { world, sts, of, failures } = await trusting(2);
  const [hanging, good] = of as [TestIssuer, TestIssuer];
  let reached = (): void => {};
  const hangs = new Promise<void>((resolve) => (reached = resolve));
  hanging.behaviour = (request) => (reached(), request.socket.once("error", () => {}), true);
  const waiting = Promise.allSettled(Array.from({ length: 20 }, () => assuming(sts, 0, hanging.token())));
  await hangs;
  // Beside them: reads, a change, and tokens of another issuer.
  const { Audience } = await assuming(sts, 1, good.token());
  expect(Audience).toBe("sts.amazonaws.com");
  await world.a.iam.createUser({ UserName: "beside" });
  expect((await world.a.sts.getCallerIdentity({})).Account).toBe(accountA);
  const metrics = await (await fetch(world.server.metricsUrl!)).text();
  expect(metrics).toMatch(/^rolecall_oidc_waiting [1-9]/m);
  expect(metrics).toContain("rolecall_oidc_issuers_asked 1\n");
  expect(metrics).toContain('rolecall_oidc_fetches_total{outcome="fetched"} 1\n');
  await hanging.close();
  const outcomes = await waiting;
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["rejected"]));
  expect(hanging.asked).toHaveLength(1);
  expect(failures).toEqual([`${hanging.url} unreachable`]);
  expect(await refusal(assuming(sts, 0, hanging.token()))).toMatch(/IDPCommunicationError/);
});

test("an issuer that cannot be reached, whose keys are given by hand, from one request to the next", async () => {
  const { world, sts, of } = await trusting(1);
  const [issuer] = of as [TestIssuer];
  await issuer.close();
  expect(await refusal(assuming(sts, 0, issuer.token()))).toMatch(/IDPCommunicationError/);
  const put = (...keys: object[]) =>
    world.a.rolecall("PutOidcProviderKeys", { Provider: issuer.url, Jwks: JSON.stringify({ keys }) });
  await put(publicJwk(issuer.keys[0]!));
  expect((await assuming(sts, 0, issuer.token())).Provider).toBe(arn(accountA, `oidc-provider/${issuer.name}`));
  const next = signingKey("next");
  expect(await refusal(assuming(sts, 0, issuer.token({}, {}, next)))).toMatch(
    /InvalidIdentityToken.*Couldn't retrieve/,
  );
  await put(publicJwk(next));
  await assuming(sts, 0, issuer.token({}, {}, next));
  expect(await refusal(assuming(sts, 0, issuer.token()))).toMatch(/InvalidIdentityToken/);
  await world.a.rolecall("DeleteOidcProviderKeys", { Provider: issuer.url });
  expect(await refusal(assuming(sts, 0, issuer.token({}, {}, next)))).toMatch(/IDPCommunicationError/);
});
