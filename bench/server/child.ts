/** The server that is measured: a process of its own, told by its parent over IPC. */
import { Session } from "node:inspector/promises";
import { openServer } from "./open.ts";
import type { Place } from "./open.ts";
import type { Reply, Request } from "./process.ts";

const server = await openServer(JSON.parse(process.argv[2]!) as Place);
let profiler: Session | null = null;

async function reply({ what }: Request): Promise<Reply> {
  if (what === "usage") {
    const { user, system } = process.cpuUsage();
    return { cpu: user + system, resident: process.memoryUsage.rss() };
  }
  if (what === "startProfile") {
    profiler = new Session();
    profiler.connect();
    await profiler.post("Profiler.enable");
    await profiler.post("Profiler.setSamplingInterval", { interval: 200 });
    await profiler.post("Profiler.start");
    return {};
  }
  if (what === "stopProfile") {
    const { profile } = await profiler!.post("Profiler.stop");
    return { profile };
  }
  await server.close(0);
  return {};
}

process.on("message", (request: Request) => {
  void reply(request).then((answer) => {
    process.send!(answer, () => {
      if (request.what === "close") process.exit(0);
    });
  });
});
process.on("disconnect", () => process.exit(1));
process.send!({ port: Number(new URL(server.url).port) } satisfies Reply);
