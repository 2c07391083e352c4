import { Socket } from "node:net";

/**
 * A connection that writes once for all that is written to it in one turn: statements that are issued together go in one
 * call of the operating system, and mostly in one packet.
 */
export function gatheringSocket(): Socket {
  const socket = new Socket();
  const write = socket.write as (...given: unknown[]) => boolean;
  let gathers = false;
  socket.write = (...given: unknown[]): boolean => {
    if (!gathers) {
      gathers = true;
      socket.cork();
      process.nextTick(() => {
        gathers = false;
        socket.uncork();
      });
    }
    return write.apply(socket, given);
  };
  return socket;
}
