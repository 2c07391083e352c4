import { defaultHttpLimits } from "../http/limits.ts";
import type { HttpLimits } from "../http/limits.ts";
import { noRateLimits } from "../operation/rate-limit.ts";
import type { RateLimitSettings } from "../operation/rate-limit.ts";

/** How much of itself a server gives away at once. */
export interface ServerLimits extends HttpLimits {
  /** Transactions of requests that are under way or waiting at once; one more is answered 503. */
  readonly maxPending: number;
  readonly rates: RateLimitSettings;
}

export const defaultLimits: ServerLimits = { ...defaultHttpLimits, maxPending: 1000, rates: noRateLimits };
