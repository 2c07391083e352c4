/** One thing that is wrong with a setting: what, where it was said, and how to mend it. */
export interface Problem {
  /** `port`, `tls.cert`; empty where no single setting is to blame. */
  readonly setting: string;
  readonly message: string;
}

/** Settings that cannot be used. All that is wrong is told at once. */
export class ConfigurationError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join("\n"));
    this.name = "ConfigurationError";
    this.problems = problems;
  }
}
