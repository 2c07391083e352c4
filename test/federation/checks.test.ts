import { expect, test } from "vitest";
import { Fault } from "../../src/contracts/fault.ts";
import { Checks } from "../../src/federation/checks.ts";

const fault = () => new Fault("InvalidIdentityToken", 400, "what the client is told");

const isGood = (text: string) => text === "good";

test("what was looked at is kept in its order, up to what did not hold", () => {
  const checks: Checks = new Checks();
  checks.note({ name: "issuer", seen: "https://issuer.example" });
  checks.require(true, { name: "audience", wanted: "a", seen: "a" }, fault);
  const refused = () =>
    checks.require(isGood("bad"), { name: "signature", advice: "Ask the issuer.", wanted: "good", seen: "bad" }, fault);
  expect(refused).toThrow("what the client is told");
  expect(checks.made).toEqual([
    { name: "issuer", seen: "https://issuer.example", passed: true },
    { name: "audience", wanted: "a", seen: "a", passed: true },
    { name: "signature", wanted: "good", seen: "bad", advice: "Ask the issuer.", passed: false },
  ]);
});

test("whatever is sent, they are short and few", () => {
  const checks = new Checks();
  for (let count = 0; count < 1000; count++) checks.note({ name: "claim", seen: "x".repeat(20_000) });
  expect(JSON.stringify(checks.made).length).toBeLessThan(30_000);
});
