import { Fault } from "../contracts/fault.ts";
import { refuseByKindOfSession } from "../authorization/session-limits.ts";
import type { Authenticated, Built, Routed } from "./stage.ts";

/** Of operations that the contract names and that are not built there is a list. @throws Fault UnsupportedOperation */
export function requireBuilt<Stage extends Routed>(stage: Stage): Stage & Built {
  if (!isBuilt(stage)) throw unsupported(stage);
  return stage;
}

/** What no strategy verifies is not reached, whatever is behind it. */
export function refuseUnbuilt(stage: Routed): never {
  throw unsupported(stage);
}

/** What this kind of credentials can never do. @throws Fault */
export function requireKind(stage: Authenticated): Authenticated {
  refuseByKindOfSession(stage.caller, stage.service.signingName, stage.contract.name);
  return stage;
}

function isBuilt<Stage extends Routed>(stage: Stage): stage is Stage & Built {
  return stage.operation !== null;
}

function unsupported({ contract, service }: Routed): Fault {
  return new Fault(
    "UnsupportedOperation",
    400,
    `rolecall does not have the operation ${contract.name} of ${service.name} yet; docs/operations.md lists those it has.`,
  );
}
