import { iam } from "../../src/contracts/iam/contract.gen.ts";
import { rolecall } from "../../src/contracts/rolecall/contract.ts";
import { sts } from "../../src/contracts/sts/contract.gen.ts";
import type { OperationContract, ServiceContract } from "../../src/contracts/model.ts";

/** Every contract that the server speaks, by service name. */
export const contracts = { iam, sts, rolecall } as const satisfies Readonly<Record<string, ServiceContract>>;

/** Finds an operation by the name a request gives, which may be any text (`__proto__`, `constructor`, …). */
export function findOperation(contract: ServiceContract, name: string): OperationContract | undefined {
  return Object.hasOwn(contract.operations, name) ? contract.operations[name] : undefined;
}
