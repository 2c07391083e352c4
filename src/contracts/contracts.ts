import { iamToolbox } from "./iam-toolbox/contract.ts";
import { iam } from "./iam/contract.gen.ts";
import type { ProtocolName, TypedContract } from "./model.ts";
import { rolecall } from "./rolecall/contract.ts";
import { sts } from "./sts/contract.gen.ts";

/** Every contract that the server speaks, by service name. */
export const contracts = { iam, sts, rolecall, "iam-toolbox": iamToolbox } as const;

export type ServiceName = keyof typeof contracts;

/** What the types of a contract say of each of its operations: input, output, and the codes of its errors. */
export type ServiceOperations = {
  readonly [S in ServiceName]: (typeof contracts)[S] extends TypedContract<infer Operations, ProtocolName>
    ? Operations
    : never;
};
