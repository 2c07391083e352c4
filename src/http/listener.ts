/** Accepts connections, at most so many, and gives them to a reader once they are ready to speak HTTP. */
import type { Server as HttpServer } from "node:http";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Server as TlsServer } from "node:tls";
import type { Certificate } from "./certificate.ts";
import type { HttpLimits } from "./limits.ts";
import type { HttpReader } from "./reader.ts";

/** A server with what closes its connections, as node:http's has it. */
export type HttpListener = Server & Pick<HttpServer, "closeIdleConnections" | "closeAllConnections">;

/** @param tls without it the listener speaks plain HTTP. `drop` is emitted for a connection beyond the limit */
export function listenerOf(reader: HttpReader, limits: HttpLimits, tls: Certificate | null): HttpListener {
  const options = {
    // Over TLS not before the handshake has ended: whoever leaves in its middle would stay until it times out.
    allowHalfOpen: tls === null,
    noDelay: true,
    // Finds a peer that is gone without a word.
    keepAlive: true,
    keepAliveInitialDelay: limits.keepAliveTimeout,
  };
  const server =
    tls === null
      ? createServer(options)
      : createTlsServer({
          ...options,
          ...secured(tls),
          ALPNProtocols: ["http/1.1"],
          handshakeTimeout: limits.headersTimeout,
        });
  const open = limitConnections(server, limits.maxConnections);
  server.on(tls === null ? "connection" : "secureConnection", (socket: Socket) => {
    if (socket.destroyed) return;
    // A client that has said all it wants to say may still want to hear.
    socket.allowHalfOpen = true;
    reader.take(socket);
  });
  // A handshake that fails or is late; nobody else ends its connection.
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  server.once("close", () => reader.close());
  return Object.assign(server, {
    closeIdleConnections: () => reader.closeIdle(),
    closeAllConnections: () => {
      for (const socket of open) socket.destroy();
    },
  });
}

function secured(certificate: Certificate) {
  return { ...certificate, minVersion: "TLSv1.2" as const };
}

/** Gives new connections another certificate. @param listener that was made with one */
export function renewCertificate(listener: HttpListener, certificate: Certificate): void {
  (listener as unknown as TlsServer).setSecureContext(secured(certificate));
}

/**
 * Closes connections beyond the limit at once. Node's own `maxConnections` is not for workers: one that has reached it
 * gives a connection back, node:cluster deals it out again, and where all have reached it that goes on without end.
 *
 * @returns those that are open
 */
function limitConnections(server: Server, most: number): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.prependListener("connection", (socket: Socket) => {
    if (open.size >= most) {
      server.emit("drop");
      socket.destroy();
      return;
    }
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return open;
}
