/** The order of members in answers, where it was seen on AWS: SDKs do not care, comparisons of bytes do. */
import { expect, test } from "vitest";
import { casesIn } from "../harness/cases.ts";
import { services } from "../../src/services/services.ts";
import type { Shape } from "../../src/contracts/model.ts";

interface Observed {
  readonly service: "iam" | "sts";
  readonly operation: string;
  /** From the operation's output to the structure: `Role.Tags.member`. */
  readonly at?: string;
  readonly order: readonly string[];
  readonly source: string;
}

test.each(casesIn<Observed>("wire/member-order.jsonl"))("$service:$operation $at", (observed) => {
  const { service, operation, at, order } = observed;
  const { output } = services[service].codec.contract.operations[operation]!;
  const shape = (at?.split(".") ?? []).reduce<Shape>(memberOf, output);
  if (shape.type !== "structure") throw new Error(`${at} is no structure`);
  expect(Object.keys(shape.members).filter((name) => order.includes(name))).toEqual(order);
});

function memberOf(shape: Shape, name: string): Shape {
  if (shape.type === "list") return shape.member;
  if (shape.type === "structure") return shape.members[name]!.shape;
  throw new Error(`a ${shape.type} has no ${name}`);
}
