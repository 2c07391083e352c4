/**
 * The size that AWS's quotas count: characters without white space (IAM User Guide, reference_iam-quotas: "IAM doesn't
 * count white space when calculating the size of a policy against these quotas").
 */
export function policySize(document: string): number {
  let size = 0;
  for (let index = 0; index < document.length; index++) {
    const code = document.charCodeAt(index);
    // The white space that policy text can contain: tab, line feed, carriage return, space (pattern of the contract).
    if (code !== 0x20 && (code < 0x09 || code > 0x0d)) size++;
  }
  return size;
}
