import { operation } from "../../operation/operation.ts";
import { openMessage } from "../../session/authorization-message.ts";
import { InvalidToken } from "../../session/token.ts";
import { stsFault } from "./faults.ts";

/**
 * STS API, DecodeAuthorizationMessage: what a service of this server refused a principal of the caller's account
 * (rolecall:Authorize). As at AWS, IAM and STS themselves send no such messages.
 */
export const decodeAuthorizationMessage = operation("sts", "DecodeAuthorizationMessage", {
  writes: false,
  authorize: (_input, _loaded, { account }) => [
    { action: "sts:DecodeAuthorizationMessage", resource: "*", resourceAccount: account, shownAs: null },
  ],
  handle({ EncodedMessage: message }, _loaded, { account, environment }) {
    try {
      return { DecodedMessage: openMessage(environment.tokens, account, message) };
    } catch (error) {
      // The text is ours: none was seen.
      if (error instanceof InvalidToken) throw stsFault("InvalidAuthorizationMessageException", "Message is not valid");
      throw error;
    }
  },
});
