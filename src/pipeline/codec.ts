import { advance } from "./stage.ts";
import type { Answered, Built, Decoded, Performed } from "./stage.ts";

/** The contract's protocol and constraints. @throws Fault */
export function decode<Stage extends Built>(stage: Stage): Stage & Decoded {
  const { body, contract, parameters, service, signed } = stage;
  return advance(stage, { input: service.codec.decode(contract, { path: signed.path, parameters, body }) });
}

export function encode(stage: Performed): Answered {
  const { contract, facts, inJson, output, service } = stage;
  return advance(stage, { answer: service.codec.encode(contract, output, facts.requestId, inJson) });
}
