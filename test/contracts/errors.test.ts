import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contracts } from "../../src/contracts/contracts.ts";
import { faultsOf, mayAnswer, unlistedErrors } from "../../src/contracts/errors.ts";
import type { ServiceContract } from "../../src/contracts/model.ts";

const { iam, rolecall } = contracts;

describe("faults of a service", () => {
  it("have the status that its contract gives their code", () => {
    expect(faultsOf("iam")("DeleteConflict", "why")).toMatchObject({
      code: "DeleteConflict",
      status: 409,
      message: "why",
    });
    expect(faultsOf("iam")("AccessDenied", "why")).toMatchObject({ status: 403 });
    expect(faultsOf("rolecall")("NotEphemeral", "why")).toMatchObject({ status: 400 });
  });

  it("do not compile with a code of no operation", () => {
    // @ts-expect-error -- IAM spells it without the ending
    faultsOf("iam")("NoSuchEntityException", "why");
    // @ts-expect-error -- a common error of the query protocol alone
    faultsOf("rolecall")("Throttling", "why");
  });

  it.each(Object.values(contracts) as ServiceContract[])("$service: one status for each code", ({ operations }) => {
    const statuses = new Map<string, Set<number>>();
    for (const { code, status } of Object.values(operations).flatMap(({ errors }) => errors)) {
      statuses.set(code, (statuses.get(code) ?? new Set()).add(status));
    }
    expect([...statuses].filter(([, of]) => of.size > 1)).toEqual([]);
  });

  it("are made by nothing else", () => {
    const services = join(import.meta.dirname, "../../src/services");
    const files = readdirSync(services, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    expect(files.filter((file) => readFileSync(join(services, file), "utf8").includes("new Fault("))).toEqual([]);
  });
});

describe("what an operation may answer", () => {
  it("is what its contract lists, what all may, and the exceptions that are written down", () => {
    const getUser = iam.operations.GetUser;
    expect(mayAnswer(iam, getUser, "NoSuchEntity")).toBe(true);
    expect(mayAnswer(iam, getUser, "Throttling")).toBe(true);
    expect(mayAnswer(iam, getUser, "DeleteConflict")).toBe(false);
    expect(mayAnswer(iam, getUser, "constructor")).toBe(false);
    expect(mayAnswer(iam, iam.operations.GetAccessKeyLastUsed, "NoSuchEntity")).toBe(true);
    expect(mayAnswer(rolecall, rolecall.operations.Reset, "Throttling")).toBe(false);
  });

  it("has no exception that its contract has by now", () => {
    for (const [name, codes] of Object.entries(unlistedErrors)) {
      const [service, operation] = name.split(":") as [keyof typeof contracts, string];
      const { operations }: ServiceContract = contracts[service];
      expect(operations[operation]!.errors.map(({ code }) => code)).not.toEqual(expect.arrayContaining([...codes]));
    }
  });
});
