import type { Requirement } from "../../authorization/requirement.ts";
import type { InputContext, SearchContext } from "../../operation/context.ts";
import { operatorRequirement, ownRequirement } from "./requirements.ts";

/**
 * What the records of an account need: those of the caller's own account its permission on `trail`, those of others the
 * operator's on `trail/ACCOUNT`.
 *
 * @param account `*` for all accounts, each of which needs its own requirement besides
 */
export function trailRequirement(context: InputContext, name: string, account: string): readonly Requirement[] {
  return account === context.account
    ? ownRequirement(context, name, "trail")
    : operatorRequirement(context, name, `trail/${account}`);
}

/** Which accounts' records a caller may see; asked once for each account that a search meets. */
export class VisibleAccounts {
  readonly #context: SearchContext;
  readonly #name: string;
  readonly #known = new Map<string, Promise<boolean>>();

  /** @param name of the operation that searches */
  constructor(context: SearchContext, name: string) {
    this.#context = context;
    this.#name = name;
  }

  includes(account: string): Promise<boolean> {
    let known = this.#known.get(account);
    if (known === undefined) {
      const [requirement] = trailRequirement(this.#context, this.#name, account);
      known = this.#context.allows(requirement!);
      this.#known.set(account, known);
    }
    return known;
  }
}
