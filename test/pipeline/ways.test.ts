/** The steps of each kind of proof, in their order. A further kind does not compile without its row. */
import { expect, test } from "vitest";
import type { AuthType } from "../../src/contracts/model.ts";
import { approach, ways } from "../../src/pipeline/ways.ts";
import { strategies } from "../../src/pipeline/strategy/strategies.ts";
import { services } from "../../src/services/services.ts";

const ending = ["requireRoom", "perform", "encode"];
const fromHead = ["authenticate", "requireBuilt", "requireKind", "throttle", "standInLine", "decode", ...ending];
const fromInput = (authenticate: string) => [
  "disregardHead",
  "throttleSource",
  "requireBuilt",
  "requireWhole",
  "decode",
  "throttleClaimed",
  authenticate,
  "settleRegion",
  "throttle",
  "standInLine",
  ...ending,
];
const none = ["refuseUnbuilt"];

const expected: Readonly<Record<AuthType, readonly string[]>> = {
  sigv4: fromHead,
  webIdentity: fromInput("authenticate"),
  // Nobody verifies these yet: were an operation built, it would be refused as if it were not.
  saml: fromInput("authenticate"),
  password: fromInput("authenticate"),
  bearer: none,
  x509: none,
  public: none,
};

test("what every request goes through first", () => {
  expect(approach.names).toEqual(["requireTrail", "requireCurrent", "identify", "receive", "route"]);
});

test.each(Object.entries(expected))("the steps of %s", (auth, names) => {
  expect(ways[auth as AuthType].names).toEqual(names);
});

test("no operation is built whose proof nobody verifies", () => {
  const verified = (Object.keys(strategies) as AuthType[]).filter(
    (auth) => !ways[auth].names.includes("refuseUnbuilt"),
  );
  for (const { codec, name, ...service } of Object.values(services)) {
    for (const contract of Object.values(codec.contract.operations)) {
      if (verified.includes(contract.auth)) continue;
      expect(service.registry[contract.name], `${name}:${contract.name}`).toBe("notBuilt");
    }
  }
});
