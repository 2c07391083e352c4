/** The same server over TLS. */
import { Agent } from "node:https";
import { expect, test } from "vitest";
import { selfSigned } from "../../harness/certificate.ts";
import { caller, refusal } from "../../harness/clients.ts";
import { starter } from "../../harness/places.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import { accountA, allow, document, startWorld } from "../../harness/world.ts";

const start = starter();

test("the SDK over TLS: aws:SecureTransport is true, and the trail tells the host", async () => {
  const certificate = selfSigned();
  const { server } = await startWorld(start, { tls: certificate });
  expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const requestHandler = { httpsAgent: new Agent({ ca: certificate.cert }) };
  const administrator = server.created.find(({ accountId }) => accountId === accountA)!;
  const { iam } = caller(server.url, administrator, { requestHandler });
  await iam.createUser({ UserName: "bob" });
  const { AccessKey } = await iam.createAccessKey({ UserName: "bob" });
  const keys = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const bob = caller(server.url, keys, { requestHandler });
  const may = (secure: string) =>
    iam.putUserPolicy({
      UserName: "bob",
      PolicyName: "p",
      PolicyDocument: document(allow("iam:ListUsers", "*", { Condition: { Bool: { "aws:SecureTransport": secure } } })),
    });
  await may("true");
  expect((await bob.iam.listUsers({})).Users).toHaveLength(2);
  await may("false");
  expect(await refusal(bob.iam.listUsers({}))).toMatch(/^AccessDenied 403/);
  // Records of changes reach the file by another way than those of reads: the newest need not be the last call's.
  expect((await trailEvents(server)).find(({ eventName }) => eventName === "ListUsers")).toMatchObject({
    tlsDetails: { clientProvidedHostHeader: new URL(server.url).host },
  });
  // Without the certificate's consent nobody is talked to.
  await expect(caller(server.url, keys).sts.getCallerIdentity({})).rejects.toMatchObject({
    code: "DEPTH_ZERO_SELF_SIGNED_CERT",
  });
});
