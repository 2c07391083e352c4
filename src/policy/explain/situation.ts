import type { Findings } from "../engine/read.ts";
import type { Question } from "../match/statement.ts";
import type { Policies, Request } from "../types.ts";
import type { AppliedLayer, Traced } from "./trace.ts";

/** All that is known of a request when changes to its decision are sought. */
export interface Situation {
  readonly request: Request;
  readonly policies: Policies;
  readonly question: Question;
  readonly layers: readonly AppliedLayer[];
  readonly traced: readonly Traced[];
  /** Of every layer, whatever an explicit deny decided before. */
  readonly findings: Findings;
}
