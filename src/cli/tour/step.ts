import type { Stage } from "./stage.ts";

/** One step of the story: who does what, what must come of it, and why. */
export interface Step {
  readonly chapter: string;
  /** In a sentence. */
  readonly title: string;
  /** The same by hand. */
  readonly command: (stage: Stage) => string;
  /** Does it over the wire. @returns what came back, in words. @throws what the server or service refused with */
  readonly act: (stage: Stage) => Promise<string>;
  readonly expect: Expectation;
  readonly why: string;
}

/** What comes back contains the text; or it is a fault of this code, whose message contains it. */
export interface Expectation {
  readonly fault?: string;
  readonly says: string | ((stage: Stage) => string);
}

export interface StepReport {
  readonly title: string;
  readonly passed: boolean;
  /** What came back: an answer in words, or `Code: message`. */
  readonly outcome: string;
  readonly refused: boolean;
  /** What was expected, where it did not come. */
  readonly expected: string | null;
}

/** Plays a step and holds it against its expectation. */
export async function play(step: Step, stage: Stage): Promise<StepReport> {
  const { says, fault } = step.expect;
  const wanted = typeof says === "string" ? says : says(stage);
  const { code, outcome } = await attempt(step, stage);
  const passed = code === (fault ?? null) && outcome.includes(wanted);
  return {
    title: step.title,
    passed,
    outcome: code === null ? outcome : `${code}: ${outcome}`,
    refused: code !== null,
    expected: passed ? null : `${fault === undefined ? "an answer" : fault} with ${JSON.stringify(wanted)}`,
  };
}

async function attempt(step: Step, stage: Stage): Promise<{ code: string | null; outcome: string }> {
  try {
    return { code: null, outcome: await step.act(stage) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The SDK names its exceptions after the service's error codes; ours carry the code beside the name.
    const code = (error as { Code?: string; code?: string }).Code ?? (error as { code?: string }).code ?? error.name;
    return { code, outcome: error.message };
  }
}
