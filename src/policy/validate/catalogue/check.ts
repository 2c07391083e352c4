/** The four severities of IAM Access Analyzer's ValidatePolicy. */
export type FindingType = "ERROR" | "SECURITY_WARNING" | "WARNING" | "SUGGESTION";

/** One kind of finding. `{names}` in message and fix are filled in where it is reported. */
export interface Check {
  readonly type: FindingType;
  readonly message: string;
  readonly fix: string;
}
