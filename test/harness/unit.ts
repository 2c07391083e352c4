/**
 * vitest setupFile of the unit tests: they are quick and repeatable because they stay inside their process. What opens a
 * socket or starts a process belongs into test/contract, test/e2e or test/long.
 */
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { Server, Socket } from "node:net";

function refused(what: string) {
  return (): never => {
    throw new Error(`a unit test ${what}: move it to test/contract, test/e2e or test/long`);
  };
}

Object.assign(childProcess, {
  execFileSync: refused("starts a process"),
  execSync: refused("starts a process"),
  spawnSync: refused("starts a process"),
});
// What the asynchronous functions end in, whichever is called.
childProcess.ChildProcess.prototype["spawn" as never] = refused("starts a process") as never;
Server.prototype.listen = refused("listens");
Socket.prototype.connect = refused("connects");
syncBuiltinESMExports();
