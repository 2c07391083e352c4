/** Calls as the trail is told of them. */
import { userActor } from "../../src/session/principal.ts";
import { services } from "../../src/services/services.ts";
import type { CallFacts } from "../../src/trail/facts.ts";

export const account = "111122223333";

/** A user, with a long-term key. */
export const ann = userActor(
  {
    kind: "user",
    id: "AIDA1",
    account,
    name: "ann",
    path: "/",
    arn: `arn:aws:iam::${account}:user/ann`,
    tags: [],
    boundaryArn: null,
    serviceLinked: false,
  },
  "aws",
  "AKIA1",
  null,
);

/** A CreateUser of somebody unknown at the beginning of time, but for what is said of it. */
export function factsOf(more: Partial<CallFacts>): CallFacts {
  return {
    eventId: "event",
    requestId: "request",
    now: 0,
    operation: services.iam.recorded(services.iam.codec.contract.operations["CreateUser"]!),
    region: "us-east-1",
    sourceIp: "198.51.100.7",
    userAgent: undefined,
    secure: false,
    host: undefined,
    caller: null,
    claimedAccessKeyId: undefined,
    fallbackAccount: account,
    input: {},
    output: null,
    fault: null,
    verdicts: [],
    asked: [],
    concerned: [],
    ...more,
  };
}
