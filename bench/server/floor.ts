/** The floor: node:http that answers the same bytes to everything, in a process of its own. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer } from "./connection.ts";
import type { Reply, Request } from "./process.ts";

const answer = JSON.parse(process.argv[2]!) as Answer;
/** Node writes these itself. */
const automatic = new Set(["date", "connection", "keep-alive"]);
const headers = Object.fromEntries(answer.headers.filter(([name]) => !automatic.has(name.toLowerCase())));
const body = Buffer.from(answer.body);

const server = createServer({ keepAliveTimeout: 65_000 }, (_, response) => {
  response.writeHead(answer.status, headers);
  response.end(body);
});
server.listen(0, "127.0.0.1", () => {
  process.send!({ port: (server.address() as AddressInfo).port } satisfies Reply);
});
process.on("message", ({ what }: Request) => {
  const { user, system } = process.cpuUsage();
  const reply: Reply = what === "usage" ? { cpu: user + system, resident: process.memoryUsage.rss() } : {};
  process.send!(reply, () => {
    if (what === "close") process.exit(0);
  });
});
process.on("disconnect", () => process.exit(1));
