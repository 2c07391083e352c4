/** How much of the trail is kept, and what it may take. */
export interface TrailKeeping {
  /** Records of nobody that are written in a second, and bytes of them in a day (UTC); more are counted. */
  readonly nobodyPerSecond: number;
  readonly nobodyBytesPerDay: number;
  /** For how many days, and up to how many bytes, the files of nobody's records are kept; 0 sets no limit. */
  readonly nobodyKeepDays: number;
  readonly nobodyKeepBytes: number;
  /** The same for the files of all other records, decisions included. */
  readonly keepDays: number;
  readonly keepBytes: number;
  /** Bytes of the disk that are left to changes; a tenth of it at most. */
  readonly reserveBytes: number;
}

export const defaultKeeping: TrailKeeping = {
  nobodyPerSecond: 100,
  nobodyBytesPerDay: 100_000_000,
  nobodyKeepDays: 7,
  nobodyKeepBytes: 1_000_000_000,
  keepDays: 0,
  keepBytes: 0,
  reserveBytes: 100_000_000,
};

/** What one of several processes on the same data directory may write. */
export function shareOf(keeping: TrailKeeping, processes: number): TrailKeeping {
  return {
    ...keeping,
    nobodyPerSecond: Math.ceil(keeping.nobodyPerSecond / processes),
    nobodyBytesPerDay: Math.floor(keeping.nobodyBytesPerDay / processes),
  };
}
