import type { Page } from "../records.ts";

/** Names are unique, and ordered, regardless of case (IAM User Guide, reference_iam-quotas, "names … not case-sensitive"). */
export function nameKey(name: string): string {
  return name.toLowerCase();
}

/** A page as query parameters; the empty string sorts before every name. */
export interface PageParameters extends Record<string, string | number> {
  after: string;
  limit: number;
  prefix: string;
}

export function pageParameters(page: Page): PageParameters {
  return { after: nameKey(page.after ?? ""), limit: page.limit, prefix: page.pathPrefix ?? "/" };
}
