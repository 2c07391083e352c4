import { LaneReader } from "./lane/reader.ts";
import { NodeReader } from "./node/reader.ts";
import type { ReaderName } from "./figures.ts";
import type { HttpReader, ReaderOptions } from "./reader.ts";

/** By name: `--http-reader`. The lane gives what it does not read to node:http. */
export const readers: Readonly<Record<ReaderName, (options: ReaderOptions) => HttpReader>> = {
  lane: (options) => new LaneReader(options, new NodeReader(options)),
  node: (options) => new NodeReader(options),
};
