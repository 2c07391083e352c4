import { request } from "node:http";
import type { Agent } from "node:http";
import type { Sent } from "../../harness/http.ts";

/** Like `send`, on a connection that is kept. */
export function exchange(
  url: string,
  agent: Agent,
  sent: Sent,
): Promise<{ readonly status: number; readonly body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const { method = "POST", headers = {}, body = "" } = sent;
    const length = { "content-length": String(Buffer.byteLength(body)) };
    const outgoing = request(
      { hostname, port, method, path: "/", headers: { ...headers, ...length }, agent },
      (incoming) => {
        let text = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk: string) => (text += chunk));
        incoming.on("error", reject);
        incoming.on("end", () => resolve({ status: incoming.statusCode!, body: text }));
      },
    );
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      // The server ends connections that are idle; a request that was on its way meanwhile is sent again, as SDKs do.
      const again = outgoing.reusedSocket && error.code === "ECONNRESET";
      if (again) resolve(exchange(url, agent, sent));
      else reject(error);
    });
    outgoing.end(body);
  });
}
