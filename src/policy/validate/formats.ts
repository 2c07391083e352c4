/** ARNs as written against the formats that a service documents. */
import { cutAtColons } from "../grammar/segments.ts";
import { matchesPattern, patternOf } from "../match/pattern.ts";

/** The parts of an ARN after its partition. */
export interface ArnParts {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** The parts of an ARN, or of the format of one. */
export function arnPartsOf(arn: string): ArnParts {
  const [, , service = "", region = "", account = "", ...resource] = cutAtColons(arn);
  return { service, region, account, resource: resource.join(":") };
}

/** Whether an ARN as written can name a resource of a format, as far as its account and its last part tell. */
export function fitsFormat(format: string, written: string): boolean {
  const parts = arnPartsOf(written);
  const wanted = arnPartsOf(format);
  if (wanted.account === "" && parts.account !== "" && parts.account !== "*") return false;
  return overlaps(wanted.resource, parts.resource);
}

/**
 * Whether a resource as written can name a resource of a format. Both may leave text open, the one by wildcards and
 * variables, the other by `${…}`: they are compared up to the first place that either leaves open.
 */
export function overlaps(format: string, written: string): boolean {
  const formatPattern = format.replaceAll(/\$\{[^}]*\}/g, "*");
  const open = /[*?]|\$\{/.exec(written)?.index;
  if (open === undefined) return matchesPattern(patternOf(formatPattern), written);
  const fixed = written.slice(0, open);
  const formatOpen = formatPattern.indexOf("*");
  const formatFixed = formatOpen < 0 ? formatPattern : formatPattern.slice(0, formatOpen);
  return fixed.length <= formatFixed.length
    ? formatFixed.startsWith(fixed)
    : formatOpen >= 0 && fixed.startsWith(formatFixed);
}
