import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { Explanation } from "../../policy/index.ts";
import { call } from "../client.ts";
import type { Command, Option, OptionValues, Repeated } from "../command.ts";
import { endpointOptions, findEndpoint } from "../endpoint.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { exitCode, jsonLine, UsageError } from "../../launch/terminal.ts";
import { readText } from "../policy/input.ts";
import { answerLines } from "./answer-lines.ts";
import { isOffline, offlineOptions } from "./offline-options.ts";

type Input = RolecallOperations["CheckFederation"]["input"];
type Output = RolecallOperations["CheckFederation"]["output"];

const proofOptions: readonly Option[] = [
  { name: "role", placeholder: "ARN", describe: "The role that it is to put on." },
  {
    name: "token",
    placeholder: "FILE",
    describe: "A token of an OpenID Connect provider (a JWT); - is standard input.",
  },
  { name: "provider-id", placeholder: "NAME", describe: "Of an opaque token: www.amazon.com or graph.facebook.com." },
  { name: "assertion", placeholder: "FILE", describe: "A SAML response in Base64, as it is posted to AWS." },
  { name: "principal-arn", placeholder: "ARN", describe: "With --assertion: its SAML provider." },
  {
    name: "session-name",
    placeholder: "NAME",
    describe: "How the session would be called, where the trust policy asks.",
  },
  {
    name: "print-trust-policy",
    placeholder: null,
    describe: "Print the narrowest trust policy that lets it in, and nothing else.",
  },
];

export const federationCheck: Command = {
  name: "federation check",
  summary: "Say step by step whether a token or a SAML assertion puts on a role, and why not; nothing is issued.",
  details: [
    "",
    "By a server: what it has configured, and the role's trust policy of now. It needs rolecall:CheckFederation.",
    "  rolecall federation check --role ARN --token token.jwt",
    "From files, without a server:",
    "  rolecall federation check --role ARN --token token.jwt --keys jwks.json --trust-policy trust.json",
    "",
    "Exit codes: 0 it puts on the role, 1 it does not, 2 something cannot be used.",
  ],
  options: [
    ...proofOptions,
    ...offlineOptions,
    { name: "json", placeholder: null, describe: "All of the answer as one JSON object." },
    ...endpointOptions,
  ],
  async run(values, terminal, _words, repeated) {
    const input = await readProof(values, terminal);
    const answer = await ask(input, values, repeated, terminal);
    show(input, answer, values, terminal);
    return answer.Allowed ? exitCode.done : exitCode.failed;
  },
};

/** @throws UsageError, InputError */
async function readProof(values: OptionValues, terminal: Terminal): Promise<Input> {
  const given = (name: string): string | undefined => values[name] as string | undefined;
  const [role, token, assertion, principal] = ["role", "token", "assertion", "principal-arn"].map(given);
  if (role === undefined) throw new UsageError("federation check needs --role, the role's ARN");
  if ((token === undefined) === (assertion === undefined)) {
    throw new UsageError("federation check needs either --token or --assertion");
  }
  if ((assertion === undefined) !== (principal === undefined)) {
    throw new UsageError("--assertion and --principal-arn, the ARN of its SAML provider, go together");
  }
  const text = (await readText((token ?? assertion)!, terminal)).trim();
  return {
    RoleArn: role,
    PrincipalArn: principal,
    ProviderId: given("provider-id"),
    RoleSessionName: given("session-name"),
    ...(token === undefined ? { SAMLAssertion: text } : { WebIdentityToken: text }),
  };
}

async function ask(input: Input, values: OptionValues, repeated: Repeated, terminal: Terminal): Promise<Output> {
  if (!isOffline(values, repeated)) return call(findEndpoint(values, terminal), "CheckFederation", input);
  // No other command waits for what verifies tokens.
  const { checkOffline } = await import("./offline.ts");
  return checkOffline(input, values, repeated, terminal);
}

function show(input: Input, answer: Output, values: OptionValues, terminal: Terminal): void {
  if (values["json"] === true) {
    terminal.print(jsonLine(withDocuments(answer)));
    return;
  }
  const { ProposedTrustPolicy: proposed } = answer;
  if (values["print-trust-policy"] === true && proposed !== undefined) {
    terminal.print(JSON.stringify(JSON.parse(proposed), null, 2));
    return;
  }
  for (const line of answerLines(input, answer, terminal)) terminal.print(line);
}

/** The answer with its documents as JSON, not as texts within. */
function withDocuments(answer: Output): object {
  const read = (text: string): unknown => JSON.parse(text);
  return {
    ...answer,
    Explanations: answer.Explanations.map((one) => ({ ...one, Explanation: read(one.Explanation) as Explanation })),
    ...(answer.ProposedTrustPolicy === undefined ? {} : { ProposedTrustPolicy: read(answer.ProposedTrustPolicy) }),
  };
}
