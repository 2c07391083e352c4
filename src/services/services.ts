import { iam } from "../contracts/iam/contract.gen.ts";
import { rolecall } from "../contracts/rolecall/contract.ts";
import { sts } from "../contracts/sts/contract.gen.ts";
import type { Operation, notBuilt } from "../operation/operation.ts";
import { iamRegistry } from "./iam/registry.ts";
import { rolecallRegistry } from "./rolecall/registry.ts";
import { stsRegistry } from "./sts/registry.ts";
import { ServiceCodec } from "../wire/protocol.ts";

/** A service as the listener has it: its contract spoken on the wire, and what is behind each operation. */
export interface Service {
  readonly name: "iam" | "sts" | "rolecall";
  readonly codec: ServiceCodec;
  readonly registry: Readonly<Record<string, Operation | typeof notBuilt>>;
}

export const services: Readonly<Record<Service["name"], Service>> = {
  iam: { name: "iam", codec: new ServiceCodec(iam), registry: iamRegistry },
  sts: { name: "sts", codec: new ServiceCodec(sts), registry: stsRegistry },
  rolecall: { name: "rolecall", codec: new ServiceCodec(rolecall), registry: rolecallRegistry },
};
