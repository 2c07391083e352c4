import { call } from "../client.ts";
import { CommandError } from "../../launch/terminal.ts";
import { Stage } from "./stage.ts";
import type { Cast, TourAccount } from "./stage.ts";
import { play } from "./step.ts";
import type { Step, StepReport } from "./step.ts";
import { story } from "./story.ts";

/** A server on which the story has not been played: its names (Bob, foo …) must be free in both accounts. */
export interface TourServer {
  readonly url: string;
  readonly region?: string;
  /** Its administrator must also be allowed to make accounts, unless `c` is given. */
  readonly a: TourAccount;
  readonly b: TourAccount;
  /** The outside party; made when it is not given. */
  readonly c?: TourAccount;
}

export interface TourOptions {
  readonly server: TourServer;
  /** Told of each step before it is played, and of what came of it. */
  readonly before?: (step: Step, number: number, stage: Stage) => void;
  readonly after?: (step: Step, report: StepReport) => void;
}

export interface TourReport {
  readonly passed: boolean;
  readonly steps: readonly StepReport[];
  /** Steps that were not played because one before did not go as told. */
  readonly left: number;
}

/** Plays the story on a server, over HTTP; ends at the first step that does not go as told. */
export async function runTour(options: TourOptions): Promise<TourReport> {
  const stage = await Stage.open(await castOf(options.server));
  const reports: StepReport[] = [];
  try {
    for (const [index, step] of story.entries()) {
      options.before?.(step, index + 1, stage);
      const report = await play(step, stage);
      reports.push(report);
      options.after?.(step, report);
      if (!report.passed) break;
    }
  } finally {
    await stage.close();
  }
  return { passed: reports.every(({ passed }) => passed), steps: reports, left: story.length - reports.length };
}

async function castOf({ url, region = "us-east-1", a, b, c }: TourServer): Promise<Cast> {
  if (a.id === b.id) throw new CommandError("the tour needs two different accounts");
  return { url, region, a, b, c: c ?? (await outsideParty(url, region, a)) };
}

async function outsideParty(url: string, region: string, a: TourAccount): Promise<TourAccount> {
  const endpoint = { url, region, credentials: a.credentials, source: "the administrator of account A" };
  const { Account: account, Administrator: administrator } = await call(endpoint, "CreateAccount", {
    Name: "outside party",
  });
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = administrator;
  return { id: account.AccountId, credentials: { accessKeyId, secretAccessKey } };
}
