/** AWS's messages about the entries of Action and NotAction (documents recorded by moto against CreatePolicy). */

/** AWS's message about one action; null when it is well formed. Whether it exists is not asked. */
export function actionFault(action: string): string | null {
  if (action === "*") return null;
  const [vendor, ...rest] = action.split(":");
  if (rest.length === 0) return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  if (rest.length > 1) return "Actions/Condition can contain only one colon.";
  return vendor === "*" || /^[a-zA-Z0-9.-]+$/.test(vendor!) ? null : `Vendor ${vendor} is not valid`;
}
