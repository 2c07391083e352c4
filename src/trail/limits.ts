/**
 * How long what a record says may be, in characters. The first five are CloudTrail's (CloudTrail User Guide, "CloudTrail
 * record contents": what exceeds a field's maximum is cut; where a structure was, `omitted` is true).
 */
export interface RecordLimits {
  readonly userAgent: number;
  /** Of a fault. */
  readonly message: number;
  readonly request: number;
  readonly response: number;
  readonly additional: number;
  /** Host, region, key id: longer ones are nobody's. */
  readonly name: number;
}

/** Of what changed something, or issued credentials. */
export const ofChange: RecordLimits = {
  userAgent: 1024,
  message: 1024,
  request: 100_000,
  response: 100_000,
  additional: 28_000,
  name: 256,
};

/** What was refused, or read only, did nothing that its parameters would be the only witness of. */
export const ofOther: RecordLimits = { ...ofChange, request: 16_000 };

/** Anybody can make these. */
export const ofNobody: RecordLimits = { ...ofOther, userAgent: 256, message: 512, name: 128 };
