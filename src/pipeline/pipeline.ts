import type { AuthType } from "../contracts/model.ts";
import type { Rendered } from "../wire/rendered.ts";
import { answerOf } from "./answer.ts";
import type { Exchange, Routed } from "./stage.ts";
import { approach, ways } from "./ways.ts";

/** Told of each request's answer; null when the client went away before there was one. Never throws. */
type End = (exchange: Exchange, rendered: Rendered | null) => void;

/**
 * Takes requests from their heads to their answers, and writes their records. What went wrong with one is its answer.
 *
 * @param onDefect told of errors that are nobody's fault but ours
 */
export function handleTogether(exchanges: readonly Exchange[], onDefect: (error: unknown) => void, end: End): void {
  const finish = (exchange: Exchange, error: unknown): void => end(exchange, answerOf(exchange, error, onDefect));
  // Every way ends with an answer.
  const unanswered = (stages: readonly Exchange[]): void => {
    for (const stage of stages) finish(stage, new Error("a way ended without an answer"));
  };
  approach.walk(exchanges, finish, (routed) => {
    for (const [auth, group] of byProof(routed)) ways[auth].walk(group, finish, unanswered);
  });
}

function byProof(stages: readonly Routed[]): ReadonlyMap<AuthType, readonly Routed[]> {
  const groups = new Map<AuthType, Routed[]>();
  for (const stage of stages) {
    const { auth } = stage.contract;
    const group = groups.get(auth);
    if (group === undefined) groups.set(auth, [stage]);
    else group.push(stage);
  }
  return groups;
}
