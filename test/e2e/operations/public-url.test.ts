import { expect, test } from "vitest";
import { starter } from "../../harness/places.ts";
import { startWorld } from "../../harness/world.ts";

const start = starter();

test.each([
  ["https://rolecall.test", "https://rolecall.test"],
  ["https://rolecall.test/behind/a/proxy//", "https://rolecall.test/behind/a/proxy"],
])("%s is where the issuer of outbound tokens is found", async (publicUrl, begins) => {
  const { a } = await startWorld(start, { publicUrl });
  const { IssuerIdentifier: issuer } = await a.iam.enableOutboundWebIdentityFederation({});
  expect(issuer).toMatch(new RegExp(`^${begins}/_rolecall/issuers/[0-9a-f-]{36}$`));
});
