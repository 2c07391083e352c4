import { setTimeout as delay } from "node:timers/promises";
import { exitCode, jsonLine, CommandError, UsageError } from "../../launch/terminal.ts";
import type { Command, OptionValues } from "../command.ts";
import { endpointOptions, findEndpoint } from "../endpoint.ts";
import { iam } from "../../contracts/iam/contract.gen.ts";
import type { IamOperations } from "../../contracts/iam/types.gen.ts";
import { ServerFault } from "../post.ts";
import type { Endpoint } from "../post.ts";
import { query } from "../query.ts";
import { isRevoked, revocationPolicyName as PolicyName, revoking } from "./revocation-policy.ts";
import type { Which } from "./revocation-policy.ts";

/** How often it is tried to have written last, where others write the same policy. */
const mostTurns = 10;

export const sessionsRevoke: Command = {
  name: "sessions revoke",
  summary: "Revoke the sessions of a role that were begun until now: rolecall sessions revoke ROLE.",
  details: [
    "",
    `Writes AWS's own policy for it, ${PolicyName}, into the role, beside what stands there. Sessions that begin later are`,
    "not touched: also see to it that whoever must not begin one no longer can. A session that one of these has put on in",
    "another role is that role's: revoke it there, by the same source identity.",
  ],
  options: [
    { name: "source-identity", placeholder: "NAME", describe: "Only those with this source identity." },
    { name: "session-name", placeholder: "NAME", describe: "Only those with this name." },
    { name: "json", placeholder: null, describe: "One JSON object." },
    ...endpointOptions,
  ],
  words: { placeholder: "ROLE", most: 1 },
  async run(values, terminal, [role]) {
    if (role === undefined) throw new UsageError("sessions revoke needs the name of a role, or its ARN");
    const RoleName = role.slice(role.lastIndexOf("/") + 1);
    const endpoint = findEndpoint(values, terminal);
    const which = await sessionsIn(values, RoleName, endpoint);
    const until = await revoke(endpoint, RoleName, which);
    // Issue times have whole seconds: what begins in this one is denied too, so the next one is waited for.
    await delay(1000);
    const IssuedBefore = new Date(until).toISOString();
    if (values["json"] === true) terminal.print(jsonLine({ RoleName, PolicyName, IssuedBefore, ...which }));
    else terminal.print(`revoked   ${described(values)} of ${RoleName} that began before ${IssuedBefore}`);
    return exitCode.done;
  },
};

function described(values: OptionValues): string {
  const [identity, name] = [values["source-identity"], values["session-name"]] as (string | undefined)[];
  const told = [
    ...(identity === undefined ? [] : [`with the source identity ${identity}`]),
    ...(name === undefined ? [] : [`with the name ${name}`]),
  ];
  return told.length === 0 ? "all sessions" : `sessions ${told.join(" and ")}`;
}

async function sessionsIn(values: OptionValues, RoleName: string, endpoint: Endpoint): Promise<Which> {
  const [identity, name] = [values["source-identity"], values["session-name"]] as (string | undefined)[];
  const userid = name === undefined ? undefined : `${(await roleOf(endpoint, RoleName)).id}:${name}`;
  return {
    ...(identity === undefined ? {} : { "aws:SourceIdentity": identity }),
    ...(userid === undefined ? {} : { "aws:userid": userid }),
  };
}

/**
 * Writes the policy until it stands and denies what was issued up to the second in which it was written, by the server's
 * time: others may write it as well, and a second may pass.
 *
 * @returns the moment before which sessions are revoked, in milliseconds since the epoch
 */
async function revoke(endpoint: Endpoint, RoleName: string, which: Which): Promise<number> {
  let written: { readonly before: number; readonly second: number } | undefined;
  for (let turn = 0; turn < mostTurns; turn++) {
    const { text, second } = await policyOf(endpoint, RoleName);
    if (written !== undefined && isRevoked(text, which, written.second)) return written.before;
    const before = second + 999;
    const PolicyDocument = revoking(text, which, before);
    const { second: writtenIn } = await ask(endpoint, "PutRolePolicy", { RoleName, PolicyName, PolicyDocument });
    written = { before, second: writtenIn };
  }
  throw new CommandError(
    `others write ${PolicyName} of ${RoleName} at the same time, again and again: call it once more`,
  );
}

async function policyOf(endpoint: Endpoint, RoleName: string) {
  try {
    const { output, second } = await ask(endpoint, "GetRolePolicy", { RoleName, PolicyName });
    return { text: decodeURIComponent(output.PolicyDocument), second };
  } catch (error) {
    if (!(error instanceof ServerFault) || error.code !== "NoSuchEntity") throw error;
    // There is no such policy, or no such role: that is told here.
    return { text: undefined, second: (await roleOf(endpoint, RoleName)).second };
  }
}

async function roleOf(endpoint: Endpoint, RoleName: string) {
  const { output, second } = await ask(endpoint, "GetRole", { RoleName });
  return { id: output.Role.RoleId, second };
}

type Name = "GetRole" | "GetRolePolicy" | "PutRolePolicy";

async function ask<N extends Name>(endpoint: Endpoint, name: N, input: IamOperations[N]["input"]) {
  const { output, second } = await query(endpoint, iam, name, input);
  return { output: output as IamOperations[N]["output"], second };
}
