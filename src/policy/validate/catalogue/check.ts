import type { FindingType } from "../finding.ts";

/** One kind of finding. `{names}` in the message are filled in where it is reported. */
export interface Check {
  readonly type: FindingType;
  readonly message: string;
  readonly fix: string;
}
