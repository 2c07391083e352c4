import { createServer } from "node:http";
import type { Server } from "node:http";
import type { Metrics } from "./metrics.ts";

export const metricsPath = "/metrics";

/** A few scrapers at most; this listener must never be what uses the server up. */
const maxConnections = 32;

/** The listener for Prometheus: `GET /metrics` and nothing else, no credentials, no TLS. */
export function createMetricsListener(
  metrics: Pick<Metrics, "text" | "contentType">,
  onDefect: (error: unknown) => void,
): Server {
  const limits = {
    maxHeaderSize: 8192,
    headersTimeout: 5000,
    requestTimeout: 10_000,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 2000,
  };
  const server = createServer(limits, (incoming, outgoing) => {
    const wanted = incoming.url?.split("?", 1)[0] === metricsPath;
    if (!wanted || (incoming.method !== "GET" && incoming.method !== "HEAD")) {
      outgoing.writeHead(wanted ? 405 : 404, { connection: "close", "content-length": 0 }).end();
      return;
    }
    metrics.text().then(
      (text) => {
        outgoing.writeHead(200, {
          "content-type": metrics.contentType,
          "content-length": Buffer.byteLength(text),
          ...(incoming.complete ? {} : { connection: "close" }),
        });
        outgoing.end(incoming.method === "HEAD" ? undefined : text);
      },
      (error: unknown) => {
        onDefect(error);
        outgoing.writeHead(500, { connection: "close", "content-length": 0 }).end();
      },
    );
  });
  server.maxConnections = maxConnections;
  server.timeout = 70_000;
  return server;
}
