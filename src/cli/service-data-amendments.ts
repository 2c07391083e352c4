/**
 * What AWS knows of services and is not in the Service Authorization Reference: by what Access Analyzer said of AWS's own
 * policies (recorded from AWS, March 2026; data/access-analyzer), where no other source is named. A test tells when a line
 * is no longer needed.
 */

/** Services that the Reference has dropped since 2024. Of five of them AWS's own policies still speak. */
export const retiredServices: readonly string[] = [
  "application-cost-profiler",
  "deepcomposer",
  "deeplens",
  "deepracer",
  "iot1click",
  "iotroborunner",
  "sagemaker-groundtruth-synthetic",
  "supportrecommendations",
  // WorkDocs, by its first name.
  "zocalo",
];

/** Services that ARNs name otherwise than actions do: Service Catalog, Application Recovery Controller. */
export const arnServices: readonly string[] = ["catalog", "route53-recovery-control"];

/** Keys that are in every request. */
export const globalKeys: readonly string[] = ["aws:PrincipalOrgMasterAccountId"];

/** Keys with several values that the Reference has as single ones (CodeStar Connections' guide tests it with ForAllValues). */
export const multivaluedKeys: ReadonlySet<string> = new Set([
  "codeconnections:ProviderAction",
  "codestar-connections:ProviderAction",
]);
