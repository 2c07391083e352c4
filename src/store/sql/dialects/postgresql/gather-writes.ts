import type { Duplex } from "node:stream";

/**
 * From here on a connection writes once for all that is written to it in one turn of the event loop: statements that are
 * issued together go in one call of the operating system, and mostly in one packet.
 *
 * @param stream one that is connected: connecting puts back the `write` of all sockets
 */
export function gatherWrites(stream: Duplex): void {
  const write = stream.write as (...given: unknown[]) => boolean;
  let gathers = false;
  stream.write = (...given: unknown[]): boolean => {
    if (!gathers) {
      gathers = true;
      stream.cork();
      // Behind all promises and ticks of this turn, which may have more to send.
      setImmediate(() => {
        gathers = false;
        stream.uncork();
      });
    }
    return write.apply(stream, given);
  };
}
