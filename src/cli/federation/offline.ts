import { contextKeys } from "../../authorization/context-keys.ts";
import { isAccountId, parseArn } from "../../arn/arn.ts";
import type { Arn } from "../../arn/arn.ts";
import { Fault } from "../../contracts/fault.ts";
import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import { Checks } from "../../federation/checks.ts";
import { proposedTrust } from "../../federation/trust-proposal.ts";
import { Effort, explain } from "../../policy/index.ts";
import type { CompiledPolicy } from "../../policy/index.ts";
import { checksTold, keysTold } from "../../services/rolecall/federation-checks.ts";
import { federatedPermissions } from "../../services/sts/federated-permissions.ts";
import type { FederatedSubject } from "../../session/actor.ts";
import type { OptionValues, Repeated } from "../command.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { UsageError } from "../../launch/terminal.ts";
import { readPolicy } from "../policy/question.ts";
import { verifyAssertionOffline, verifyTokenOffline } from "./offline-proof.ts";

type Input = RolecallOperations["CheckFederation"]["input"];
type Output = RolecallOperations["CheckFederation"]["output"];

/** What rolecall:CheckFederation answers, by what is given in files. @throws UsageError, InputError */
export async function checkOffline(
  input: Input,
  values: OptionValues,
  repeated: Repeated,
  terminal: Terminal,
): Promise<Output> {
  const role = roleNamed(input.RoleArn);
  const now = readTime(values["at"] as string | undefined);
  const path = values["trust-policy"] as string | undefined;
  const trust = path === undefined ? null : await readPolicy(path, "trust", terminal);
  const checks = new Checks();
  const given = { values, repeated, terminal, now, checks, role };
  const verify = input.SAMLAssertion === undefined ? verifyTokenOffline : verifyAssertionOffline;
  const proven = await orFault(() => verify(input, given));
  const told = checksTold(checks.made);
  if (proven instanceof Fault) {
    const { code, status, message } = proven;
    return { Allowed: false, Checks: told, Fault: { Code: code, Status: status, Message: message }, Explanations: [] };
  }
  const explanations = trust === null ? [] : explanationsOf(input, proven, trust, now);
  return {
    Allowed: explanations.every(({ Outcome: outcome }) => outcome === "Allowed"),
    Checks: told,
    Provider: proven.principal.provider,
    Keys: keysTold(proven),
    Explanations: explanations,
    ProposedTrustPolicy: JSON.stringify(proposedTrust(proven)),
  };
}

/** @throws UsageError */
function roleNamed(text: string): Arn {
  const arn = parseArn(text);
  if (arn === null || arn.service !== "iam" || !arn.resource.startsWith("role/") || !isAccountId(arn.account)) {
    throw new UsageError(`--role ${text}: give the role's ARN, such as arn:aws:iam::111122223333:role/deployer`);
  }
  return arn;
}

function readTime(text: string | undefined): number {
  if (text === undefined) return Date.now();
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UsageError(`--at ${text}: give a time such as 2026-11-28T12:00:00Z`);
  return time;
}

async function orFault(verify: () => Promise<FederatedSubject>): Promise<FederatedSubject | Fault> {
  try {
    return await verify();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** What of a request a trust policy may ask for and no file says is absent: addresses, the transport. */
function explanationsOf(
  input: Input,
  subject: FederatedSubject,
  trust: CompiledPolicy,
  now: number,
): Output["Explanations"] {
  const request = {
    now,
    sourceIp: undefined,
    userAgent: undefined,
    referer: undefined,
    secure: undefined,
    region: "us-east-1",
    effort: new Effort(),
  };
  return federatedPermissions(input, subject, { role: undefined }).map((asked) => {
    const requirement = { ...asked, resourcePolicy: trust };
    const context = contextKeys({
      caller: subject,
      request,
      requirement,
      callerOrganization: null,
      resourceOrganization: null,
    });
    const { action, resource, resourceAccount } = requirement;
    const question = { principal: subject.principal, action, resource, resourceAccount, context };
    const explanation = explain(question, { identity: [], resource: trust });
    return {
      Action: action,
      Outcome: explanation.decision.outcome,
      Summary: explanation.summary,
      Withheld: [],
      Explanation: JSON.stringify(explanation),
    };
  });
}
