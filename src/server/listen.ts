import type { AddressInfo, Server } from "node:net";
import type { HttpListener } from "../http/listener.ts";

/** @throws Error of the listener: a port that is taken, an address that is none */
export function listen(
  listener: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, host, () => {
      listener.off("error", reject);
      resolve();
    });
  });
}

/** Connections that are open. */
export function countConnections(listener: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

/** Where a listener is reached from this machine. */
export function urlOf(listener: Server, host: string, secure: boolean): string {
  const { port } = listener.address() as AddressInfo;
  return `${secure ? "https" : "http"}://${urlHost(host)}:${port}`;
}

/** Takes no new connections and finishes what is under way. @param grace milliseconds after which connections end */
export function closeListener(listener: HttpListener, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const hard = setTimeout(() => listener.closeAllConnections(), grace);
    listener.close(() => {
      clearTimeout(hard);
      resolve();
    });
    listener.closeIdleConnections();
  });
}

/** An address that listens everywhere is reached by its loopback. */
function urlHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
