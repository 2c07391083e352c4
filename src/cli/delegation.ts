import { call } from "./client.ts";
import type { Command } from "./command.ts";
import { endpointOptions, findEndpoint } from "./endpoint.ts";
import { exitCode, jsonLine, UsageError } from "../launch/terminal.ts";

export const delegationNotifications: Command = {
  name: "delegation notifications",
  summary: "What became of a request for temporary access that you made, and the token once it is released.",
  details: [
    "",
    "On AWS these messages come over SNS. The token is traded in with",
    '"aws sts get-delegated-access-token --trade-in-token TOKEN", as often as needed until it expires.',
  ],
  options: [{ name: "json", placeholder: null, describe: "One JSON object." }, ...endpointOptions],
  words: { placeholder: "REQUEST", most: 1 },
  async run(values, terminal, [id]) {
    if (id === undefined) throw new UsageError("delegation notifications needs the id of a delegation request");
    const answer = await call(findEndpoint(values, terminal), "GetDelegationNotifications", {
      DelegationRequestId: id,
    });
    if (values["json"] === true) {
      terminal.print(jsonLine(answer));
      return exitCode.done;
    }
    for (const {
      Type: type,
      State: state,
      UpdatedAt: at,
      ExchangeToken: token,
      ExpiresAt: end,
    } of answer.Notifications) {
      if (type === "StateChange") terminal.print(`${at.toISOString()}  ${state}`);
      else terminal.print(`the token, good until ${end!.toISOString()}:\n${token!}`);
    }
    if (answer.Notifications.length === 0) terminal.print("Nobody has taken the request up yet.");
    return exitCode.done;
  },
};
