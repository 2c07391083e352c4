import type { Settings } from "../config/index.ts";
import { shareOf } from "../trail/keeping.ts";
import type { TrailKeeping } from "../trail/keeping.ts";

/** What each of the processes of these settings may write and keeps. */
export function trailKeeping(settings: Settings): TrailKeeping {
  return shareOf(
    {
      nobodyPerSecond: settings.trailNobodyPerSecond,
      nobodyBytesPerDay: settings.trailNobodyBytesPerDay,
      nobodyKeepDays: settings.trailNobodyKeepDays,
      nobodyKeepBytes: settings.trailNobodyKeepBytes,
      keepDays: settings.trailKeepDays,
      keepBytes: settings.trailKeepBytes,
      reserveBytes: settings.trailReserveBytes,
    },
    settings.workers,
  );
}
