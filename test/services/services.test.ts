/** What follows from the rows of services.ts, for each service and operation that there is. */
import { describe, expect, it } from "vitest";
import { notBuilt } from "../../src/operation/operation.ts";
import { namedByPath, operationOfTarget, serviceOfAction, serviceOfScope } from "../../src/services/matching.ts";
import { services } from "../../src/services/services.ts";

describe.each(Object.values(services))("$name", (service) => {
  const { contract } = service.codec;

  it("is found by its paths, by its target, or else by the scope of a signature", () => {
    if (contract.protocol === "query") expect(serviceOfScope(contract.service)).toBe(service);
    else if (contract.protocol === "json-1.1")
      expect(operationOfTarget(`${contract.targetPrefix}.Op`)).toEqual({ service, operation: "Op" });
    else {
      for (const { http, name } of Object.values(contract.operations)) {
        const path = http.uri.replaceAll(/\{\w+\+?\}/g, "a%2Fb");
        const named = namedByPath(path);
        expect(named?.service).toBe(service);
        expect(named?.operations.get(http.method)).toBe(name);
      }
    }
  });

  it("answers its own operations where nobody signed", () => {
    if (contract.protocol !== "query") return;
    for (const name of Object.keys(contract.operations)) {
      expect(serviceOfAction(name, contract.apiVersion)).toBe(service);
      expect(serviceOfAction(name, undefined)).toBe(service);
    }
  });

  it("has the operations that its paths name", () => {
    for (const [path, operation] of Object.entries(service.paths)) {
      expect(namedByPath(path)).toEqual({ service, operations: new Map([["POST", operation]]), takesBody: false });
      expect(contract.operations).toHaveProperty(operation);
    }
  });

  it("says of nothing that changes the store that it reads only", () => {
    const changing = Object.values(service.registry).flatMap((built) =>
      built !== notBuilt && built.writes ? [built.name] : [],
    );
    expect(changing.filter((name) => contract.operations[name]!.readOnly)).toEqual([]);
  });
});

it("no two operations have one method and one form of path", () => {
  const forms = Object.values(services)
    .filter(({ codec }) => codec.contract.protocol === "rest-json")
    .flatMap(({ codec }) => Object.values(codec.contract.operations))
    .map(({ http }) => `${http.method} ${http.uri.replaceAll(/\{\w+/g, "{")}`);
  expect(new Set(forms).size).toBe(forms.length);
});

it.each([
  "/",
  "/authorization-details",
  "/authorization-details/",
  "/authorization-details/a/b",
  "/x/authorization-details/a",
])("%s names nothing", (path) => {
  expect(namedByPath(path)).toBeUndefined();
});

it("what names no service, or none that is here, is the default service's of its protocol to refuse", () => {
  expect(serviceOfScope(null).name).toBe("sts");
  expect(serviceOfScope("s3").name).toBe("sts");
  expect(serviceOfScope("rolecall").name).toBe("sts");
  expect(serviceOfAction("NoSuchAction", "2000-01-01").name).toBe("sts");
  for (const target of ["", ".", "ListAccounts", "Elsewhere.ListAccounts", "__proto__.x"]) {
    expect(operationOfTarget(target)).toEqual({ service: services.rolecall, operation: target });
  }
});
