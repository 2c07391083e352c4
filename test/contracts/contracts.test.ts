import { describe, expect, test } from "vitest";
import { contracts } from "../../src/contracts/contracts.ts";
import type { OperationContract, ServiceContract, Shape } from "../../src/contracts/model.ts";

function operationsOf(contract: ServiceContract): OperationContract[] {
  return Object.values(contract.operations);
}

/** All shapes reachable from a contract. */
function shapesOf(contract: ServiceContract): Set<Shape> {
  const seen = new Set<Shape>();
  const visit = (shape: Shape): void => {
    if (seen.has(shape)) return;
    seen.add(shape);
    if (shape.type === "list") visit(shape.member);
    if (shape.type === "map") [shape.key, shape.value].forEach(visit);
    if (shape.type === "structure") for (const member of Object.values(shape.members)) visit(member.shape);
  };
  for (const { input, output } of operationsOf(contract)) [input, output].forEach(visit);
  return seen;
}

describe("the generated contracts", () => {
  test("have the operations of the clients' release", () => {
    const iam = operationsOf(contracts.iam);
    expect(iam).toHaveLength(180);
    expect(operationsOf(contracts.sts)).toHaveLength(11);
    // 34 of botocore's, and two that it leaves out (scripts/contracts/describe.mjs).
    expect(iam.filter((operation) => operation.pagination !== undefined)).toHaveLength(36);
    expect(iam.filter((operation) => operation.noResult)).toHaveLength(79);
    expect(contracts.iam.apiVersion).toBe("2010-05-08");
    expect(contracts.sts.apiVersion).toBe("2011-06-15");
  });

  test("leave no operation unsigned but those that prove their caller otherwise", () => {
    const unsigned = Object.values(contracts).flatMap((contract: ServiceContract) =>
      operationsOf(contract)
        .filter((operation) => operation.auth !== "sigv4")
        .map((operation) => [operation.name, operation.auth]),
    );
    expect(unsigned).toEqual([
      ["AssumeRoleWithSAML", "saml"],
      ["AssumeRoleWithWebIdentity", "webIdentity"],
      ["SignIn", "password"],
    ]);
  });

  test("carry the models' constraints", () => {
    const createRole = contracts.iam.operations["CreateRole"]!;
    expect(createRole.input.members["RoleName"]).toEqual({
      shape: { type: "string", min: 1, max: 64, pattern: "[\\w+=,.@-]+" },
      required: true,
    });
    expect(createRole.errors).toContainEqual({ code: "EntityAlreadyExists", status: 409 });
    expect(contracts.sts.operations["AssumeRole"]!.input.members["DurationSeconds"]).toEqual({
      shape: { type: "integer", min: 900, max: 43200 },
    });
    expect(contracts.iam.operations["AcquireRole"]!.errors).toContainEqual({ code: "NoSuchEntity", status: 404 });
  });
});

describe.each(Object.values(contracts) as ServiceContract[])("$service", (contract) => {
  test("its operations are named by their keys and page by members that exist", () => {
    for (const [key, { name, input, output, pagination }] of Object.entries(contract.operations)) {
      expect(name).toBe(key);
      if (pagination === undefined) continue;
      const { input: marker, limit, output: token, more, items } = pagination;
      const asked = [marker, ...(limit === undefined ? [] : [limit])];
      expect(Object.keys(input.members)).toEqual(expect.arrayContaining(asked));
      const paged = [token, ...items, ...(more === undefined ? [] : [more])];
      expect(Object.keys(output.members)).toEqual(expect.arrayContaining(paged));
    }
  });

  test("its patterns are regular expressions and stay linear on long values", () => {
    const units = ["a", "/", "-", "a/", "a-", "a.", ".", " ", "é"];
    const hostile = units.flatMap((unit) =>
      ["", "a@", "/a", "o-", "http://"].map((start) => `${start + unit.repeat(20_000)}\u0000`),
    );
    for (const shape of shapesOf(contract)) {
      if (shape.type !== "string" || shape.pattern === undefined) continue;
      const pattern = new RegExp(`^(?:${shape.pattern})$`);
      // Of this process alone: microseconds where it is linear, half a second at the least where it is not.
      const before = process.cpuUsage();
      for (const value of hostile) pattern.test(value);
      const { user } = process.cpuUsage(before);
      expect([shape.pattern, user < 500_000]).toEqual([shape.pattern, true]);
    }
  });
});
