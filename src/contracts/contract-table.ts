import { iam } from "./iam/contract.gen.ts";
import { rolecall } from "./rolecall/contract.ts";
import { sts } from "./sts/contract.gen.ts";
import type { OperationContract, ServiceContract } from "./model.ts";

/** Every contract that the server speaks, by service name. */
export const contracts = { iam, sts, rolecall } as const satisfies Readonly<Record<string, ServiceContract>>;

/** Finds an operation by the name a request gives, which may be any text (`__proto__`, `constructor`, …). */
export function findOperation(contract: ServiceContract, name: string): OperationContract | undefined {
  return Object.hasOwn(contract.operations, name) ? contract.operations[name] : undefined;
}
