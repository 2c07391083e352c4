import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { OperationContext } from "../../operation/context.ts";
import { payerOf } from "../../session/actor.ts";
import { aliasIn, formOf, verifierOf, verifies } from "../../session/service-credential.ts";
import * as serviceCredentials from "../../store/iam/service-credentials.ts";
import { nameKey } from "../../store/sql/names.ts";
import { rolecallFault } from "./faults.ts";
import { ofService, refusalOf } from "./user-credential.ts";
import type { Judged } from "./user-credential.ts";

type Question = RolecallOperations["Authenticate"]["input"];

/** What a secret is held against where nobody has the name: as much work, and nothing is like it. */
const nobody = { id: "", verifier: verifierOf("", "") } as const;

/**
 * By a name and its password, or by the one secret that has the name in it. Of any account: who shows a secret was given
 * it.
 *
 * @throws Fault ThrottlingException after too many failed tries
 */
export async function judgeSecret(input: Question, context: OperationContext): Promise<Judged> {
  const { attempts, servicePrincipals } = context.environment;
  const { now } = context.request;
  const form = formOf(input.Service, servicePrincipals);
  const secret = (input.Password ?? input.Secret)!;
  const name = input.Password === undefined ? aliasIn(form ?? null, secret) : form === null ? input.UserName! : null;
  const tried = [payerOf(context.caller), input.Service, nameKey(name ?? ""), input.SourceIp ?? ""].join(" ");
  if (!attempts.take(tried, now)) throw rolecallFault("ThrottlingException", "Too many failed tries.");
  const record = name === null ? null : await serviceCredentials.byName(context.tx, input.Service, name);
  const { id, verifier } = record ?? nobody;
  const verified = verifies(verifier, id, secret);
  if (record === null) return { credential: null, refusal: "unknown" };
  const credential = ofService(record);
  const refusal = verified ? refusalOf(credential, now) : "wrong secret";
  if (refusal === null) attempts.giveBack(tried);
  return { credential, refusal };
}
