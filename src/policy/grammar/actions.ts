/**
 * AWS's messages about the entries of Action and NotAction (documents recorded by moto against CreatePolicy; wildcards in
 * the vendor: observed on AWS, September 2026, radkawar/stackd captures).
 */

/** AWS's message about one action; null when it is well formed. Whether it exists is not asked. */
export function actionFault(action: string): string | null {
  if (action === "*" || action === "*:*") return null;
  const [vendor, ...rest] = action.split(":");
  if (rest.length === 0) return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  if (rest.length > 1) return "Actions/Condition can contain only one colon.";
  if (/[*?]/.test(vendor!)) return "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.";
  return /^[a-zA-Z0-9.-]+$/.test(vendor!) ? null : `Vendor ${vendor} is not valid`;
}
