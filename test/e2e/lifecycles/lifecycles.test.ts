/**
 * What Terraform's AWS provider calls over the life of each resource that it has for IAM: what was set is what is read,
 * after the creation, after the change of each attribute alone, and by the id alone, as an import reads it.
 */
import { beforeAll, expect, describe, test } from "vitest";
import { services } from "../../../src/services/services.ts";
import { notBuilt } from "../../../src/operation/operation.ts";
import { casesBelow } from "../../harness/cases.ts";
import { selfSigned } from "../../harness/certificate.ts";
import { material } from "../../harness/material.ts";
import { starter } from "../../harness/places.ts";
import { startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";
import { callsOf, live, namedIn } from "./lifecycle.ts";
import type { Lifecycle } from "./lifecycle.ts";

const { registry } = services.iam;
const lifecycles = casesBelow<Lifecycle>("e2e/lifecycles").filter((lifecycle) =>
  callsOf(lifecycle).every(({ operation }) => registry[operation] !== notBuilt),
);

describe("the life of", () => {
  const start = starter();
  const { cert, key } = selfSigned();
  const [type, body] = material.sshKey.split(" ");
  const given = new Map<string, unknown>([
    ["certificate", cert.trim()],
    ["certificate-key", key],
    ["metadata", material.metadata],
    ["ssh-key", material.sshKey],
    ["ssh-key-body", `${type} ${body}`],
  ]);
  let world: World;

  beforeAll(async () => {
    world = await startWorld(start);
  });

  test.each(lifecycles)("$resource", async (lifecycle) => {
    expect(namedIn(lifecycle.read).filter((name) => !lifecycle.import.includes(name))).toEqual([]);
    await live(world.a, lifecycle, given);
  });
});
