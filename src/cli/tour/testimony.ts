import { call } from "../client.ts";
import { parseEvent } from "../trail-line.ts";
import type { TrailEvent } from "../trail-line.ts";
import { bobArn } from "./preparation.ts";
import type { Stage } from "./stage.ts";
import type { Step } from "./step.ts";

const chapter = "Who was it?";

/** The records of B in which Bob is behind the hat, oldest first. */
async function bobsRecords(stage: Stage): Promise<TrailEvent[]> {
  const found: TrailEvent[] = [];
  let next: string | undefined;
  do {
    const page = await call(stage.endpoint("the administrator of B"), "LookupEvents", {
      PrincipalArn: bobArn(stage),
      MaxResults: 1000,
      NextToken: next,
    });
    found.push(...page.Events.map(parseEvent));
    next = page.NextToken;
  } while (next !== undefined);
  return found.reverse();
}

export const trailSteps: readonly Step[] = [
  {
    chapter,
    title: "The trail of B is asked for what Bob did there.",
    command: () => "rolecall trail tail",
    act: async (stage) => {
      const deeds = (await bobsRecords(stage)).map(deed);
      return [...new Set(deeds)].join("; ");
    },
    expect: {
      says: "foo/bob: AssumeRole",
    },
    why: "Under the hats he was foo and bar. The token of each session carries who put on the first hat, and every record says it.",
  },
  {
    chapter,
    title: "And the document that was written under the second hat?",
    command: () => "rolecall trail tail",
    act: async (stage) => {
      const written = (await bobsRecords(stage)).filter(
        ({ requestParameters: asked }) => asked?.["action"] === "documents:PutDocument",
      );
      const last = written.at(-1)?.additionalEventData?.askedFor;
      return `${last?.arn} was ${last?.originArn}`;
    },
    expect: { says: (stage) => `arn:aws:sts::${stage.cast.b.id}:assumed-role/bar/bob was ${bobArn(stage)}` },
    why: "Two hats deep, at a service that is not rolecall's own: still Bob.",
  },
];

/** `foo/bob: documents:GetDocument`, with how it ended if it was refused. */
function deed(event: TrailEvent): string {
  const asked = event.additionalEventData?.askedFor;
  const arn = asked?.arn ?? event.userIdentity.arn ?? "";
  const action = asked === undefined ? event.eventName : String(event.requestParameters?.["action"]);
  const refused = event.errorCode !== undefined || event.additionalEventData?.allowed === false;
  return `${arn.split("assumed-role/")[1] ?? arn}: ${action}${refused ? " (refused)" : ""}`;
}
