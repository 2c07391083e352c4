import { rolecall } from "../contracts/rolecall/contract.ts";
import type { RolecallOperations } from "../contracts/rolecall/contract.ts";
import { CommandError } from "../launch/terminal.ts";
import { compileJsonInput } from "../wire/json-decode.ts";
import { compileJsonOutput, JSON_CONTENT_TYPE } from "../wire/json-encode.ts";
import { post, ServerFault } from "./post.ts";
import type { Answer, Endpoint } from "./post.ts";

type Name = keyof RolecallOperations;

/** Calls one operation of our own API (json-1.1, SigV4). @throws ServerFault, CommandError when nobody answers */
export async function call<N extends Name>(
  endpoint: Endpoint,
  name: N,
  input: RolecallOperations[N]["input"],
): Promise<RolecallOperations[N]["output"]> {
  const contract = rolecall.operations[name]!;
  const answer = await post(endpoint, {
    service: rolecall.service,
    headers: { "content-type": JSON_CONTENT_TYPE, "x-amz-target": `${rolecall.targetPrefix}.${name}` },
    body: compileJsonOutput(contract.input)(input),
  });
  if (answer.status !== 200) throw faultOf(answer, endpoint);
  return compileJsonInput(contract.output)(answer.body) as unknown as RolecallOperations[N]["output"];
}

function faultOf(answer: Answer, endpoint: Endpoint): CommandError {
  try {
    const { __type: code, message } = JSON.parse(answer.body.toString("utf8")) as { __type: string; message?: string };
    return new ServerFault(code, `${message ?? ""} (asked ${endpoint.url} with ${endpoint.source})`);
  } catch {
    return new CommandError(`${endpoint.url} answered with status ${answer.status} and is not rolecall, it seems`);
  }
}
