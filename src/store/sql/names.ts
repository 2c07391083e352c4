/** One page of a list ordered by name, regardless of case. */
export interface Page {
  /** Name of the last item of the page before. */
  readonly after?: string | undefined;
  /** Most items to return; ask for one more than is shown to learn whether there are more. */
  readonly limit: number;
  /** Begins with `/`; `/` by default: everything. */
  readonly pathPrefix?: string | undefined;
}

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
