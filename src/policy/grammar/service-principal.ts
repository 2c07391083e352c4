/**
 * Service principals that IAM takes into a trust policy: it refuses a service that does not exist
 * (hashicorp/terraform#35086). Where the names come from is said in data/README.md.
 */
import { didYouMean, nearest } from "../../text/nearest.ts";
import { chineseNames, serviceNames } from "./service-principals.gen.ts";

/** The domain of the services of a partition, beside amazonaws.com, which all have. */
const domains: Readonly<Record<string, string>> = {
  "aws-cn": "amazonaws.com.cn",
  "aws-eusc": "amazonaws.eu",
  "aws-iso": "c2s.ic.gov",
  "aws-iso-b": "sc2s.sgov.gov",
  "aws-iso-e": "cloud.adc-e.uk",
  "aws-iso-f": "csp.hci.ic.gov",
};
const commonDomain = "amazonaws.com";

/** `states.us-east-1` is `states` in that Region: the older form, which policies still have. */
const inRegion = /^(.+)\.[a-z]{2,4}(?:-[a-z]+)+-\d$/;

/** Whether a service of AWS has this name, in one of the partitions; in any without them. */
export function isAwsService(principal: string, partitions?: ReadonlySet<string>): boolean {
  const common = nameUnder(commonDomain, principal);
  if (common !== null) return serviceNames.has(common);
  return Object.entries(domains).some(([partition, domain]) => {
    if (partitions !== undefined && !partitions.has(partition)) return false;
    const name = nameUnder(domain, principal);
    return name !== null && (partition === "aws-cn" ? chineseNames : serviceNames).has(name);
  });
}

function nameUnder(domain: string, principal: string): string | null {
  if (!principal.endsWith(`.${domain}`)) return null;
  const name = principal.slice(0, -domain.length - 1);
  return inRegion.exec(name)?.[1] ?? name;
}

/** Whether a name is under a domain of Amazon's, and so hardly a service of one's own. */
export function isAmazonName(principal: string): boolean {
  return /(^|\.)(amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|amazon\.com)$/.test(principal);
}

/** ` Did you mean ecs-tasks.amazonaws.com?`, or nothing. */
export function similarService(principal: string): string {
  const name = nameUnder(commonDomain, principal) ?? principal.split(".")[0]!;
  // A longer text is no misspelt name, and would make the search slow.
  const found = name.length > 80 ? null : nearest(name, serviceNames);
  return didYouMean(found === null ? null : `${found}.${commonDomain}`);
}
