import { operation } from "../../operation/operation.ts";
import * as accounts from "../../store/organizations/accounts.ts";
import { accountDomain } from "../../store/sql/domain.ts";
import { rolecallFault } from "./faults.ts";
import { operatorRequirement } from "./requirements.ts";

/** Back to the first state, with the same administrator; on an ephemeral server only. */
export const reset = operation("rolecall", "Reset", {
  writes: false,
  authorize: (_input, _loaded, context) => operatorRequirement(context, "Reset"),
  async handle(_input, _loaded, { environment }) {
    if (environment.reset === null) {
      throw rolecallFault("NotEphemeral", "Only a server started with --ephemeral can be reset.");
    }
    environment.reset();
    return {};
  },
});

export const getServerInformation = operation("rolecall", "GetServerInformation", {
  writes: false,
  authorize: (_input, _loaded, context) => operatorRequirement(context, "GetServerInformation"),
  async handle(_input, _loaded, { tx, environment, account }) {
    return {
      Version: environment.version,
      Dialect: environment.database.dialect,
      Revision: (await tx.revision(accountDomain(account))).number,
      Accounts: await accounts.count(tx),
    };
  },
});
