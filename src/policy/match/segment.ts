/** Literal text at a place of its segment; between the runs stand `?`. */
export interface Run {
  readonly at: number;
  readonly text: string;
}

/** A piece of a pattern between two stars. */
export interface Segment {
  /** UTF-16 units that the segment covers. */
  readonly length: number;
  readonly runs: readonly Run[];
  /** Steps that it takes to find out whether the segment stands at a place. */
  readonly steps: number;
}
