import { sts } from "../../contracts/sts/contract.gen.ts";
import type { StsOperations } from "../../contracts/sts/types.gen.ts";
import { CommandError } from "../../launch/terminal.ts";
import { post, ServerFault } from "../post.ts";
import type { Answer, Endpoint } from "../post.ts";

/** The operations that give credentials and are called here. */
type Name = "AssumeRole" | "AssumeRoleWithWebIdentity" | "GetSessionToken";

/** What they answer, as far as it is read. */
export interface Issued {
  readonly Credentials: {
    readonly AccessKeyId: string;
    readonly SecretAccessKey: string;
    readonly SessionToken: string;
    /** Seconds since the epoch. */
    readonly Expiration: number;
  };
  /** Of the two that assume a role. */
  readonly AssumedRoleUser?: { readonly Arn: string };
}

/**
 * Calls STS by the query protocol, and reads its answer as JSON.
 *
 * @throws ServerFault with the way to learn why, where STS itself does not say it; CommandError when nobody answers
 */
export async function issue<N extends Name>(
  endpoint: Endpoint,
  name: N,
  input: StsOperations[N]["input"],
): Promise<Issued> {
  const form = new URLSearchParams([["Action", name], ["Version", sts.apiVersion], ...parameters("", input)]);
  const answer = await post(endpoint, {
    service: sts.service,
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8", accept: "application/json" },
    body: form.toString(),
  });
  if (answer.status !== 200) throw faultOf(answer, endpoint);
  const said = JSON.parse(answer.body.toString("utf8")) as Record<string, Record<string, Issued>>;
  return said[`${name}Response`]![`${name}Result`]!;
}

/** `Tags.member.1.Key`, and what stands there. */
function parameters(name: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => parameters(`${name}.member.${index + 1}`, item));
  if (typeof value !== "object") return [[name, String(value)]];
  const members = Object.entries(value as Readonly<Record<string, unknown>>);
  return members.flatMap(([key, member]) => parameters(name === "" ? key : `${name}.${key}`, member));
}

function faultOf({ status, body }: Answer, { url, source }: Endpoint): CommandError {
  try {
    const { Error: fault, RequestId: id } = JSON.parse(body.toString("utf8")) as {
      Error: { Code: string; Message: string | null };
      RequestId: string;
    };
    const why = refusals.has(fault.Code)
      ? `\nSTS tells no more than that. Whoever may explain the requests of the role's account sees why: rolecall explain --request ${id}`
      : "";
    return new ServerFault(fault.Code, `${fault.Message ?? ""} (asked ${url} with ${source})`, why);
  } catch {
    return new CommandError(`${url} answered with status ${status} and is not rolecall, it seems`);
  }
}

/** What a policy or a proof was not enough for. */
const refusals: ReadonlySet<string> = new Set([
  "AccessDenied",
  "InvalidIdentityToken",
  "IDPRejectedClaim",
  "IDPCommunicationError",
]);
