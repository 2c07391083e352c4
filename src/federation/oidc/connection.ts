import { lookup } from "node:dns";
import type { LookupAddress } from "node:dns";
import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { connect as connectTls } from "node:tls";
import type { SecureContext, TLSSocket } from "node:tls";
import { IssuerFailure } from "./issuer-failure.ts";
import { mayReach } from "./private-issuers.ts";
import type { PrivateIssuer } from "./private-issuers.ts";

/** Where a connection goes: a name or an address without brackets. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

export interface ConnectionRules {
  readonly privateIssuers: readonly PrivateIssuer[];
  readonly context: SecureContext;
  /** Told when a name begins to be looked up; the promise resolves when that has ended, which nothing can hasten. */
  readonly onLookup: (ended: Promise<void>) => void;
}

export function destinationOf(url: URL): Destination {
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? 443 : Number(url.port),
  };
}

/**
 * Connects with TLS, to such addresses alone as may be reached: those that a name stands for are looked up once, and what
 * is left of them is what is connected to, so that a name that stands for something else a moment later leads nowhere.
 * Settings for proxies are not looked at.
 *
 * @returns a connection whose certificate nobody has judged yet
 * @throws IssuerFailure
 */
export async function connect(to: Destination, rules: ConnectionRules, signal: AbortSignal): Promise<TLSSocket> {
  const permitted = (address: string): boolean => mayReach(rules.privateIssuers, to, address);
  if (isIP(to.host) !== 0 && !permitted(to.host)) throw notPermitted(to, [to.host]);
  signal.throwIfAborted();
  const socket = connectTls({
    ...to,
    secureContext: rules.context,
    // Judged by certificate-trust.ts, before anything is sent.
    rejectUnauthorized: false,
    ALPNProtocols: ["http/1.1"],
    ...(isIP(to.host) === 0 ? { servername: to.host } : {}),
    lookup: lookupOf(to, permitted, rules.onLookup),
  });
  const stop = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener("abort", stop, { once: true });
  socket.once("close", () => signal.removeEventListener("abort", stop));
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", (error) => reject(failureOf(error, to)));
    socket.once("close", () => reject(unreachable(to, "the connection was closed")));
  });
  // From here on whoever reads from it listens.
  socket.on("error", () => {});
  const address = socket.remoteAddress ?? "";
  if (!permitted(address)) {
    socket.destroy();
    throw notPermitted(to, [address]);
  }
  return socket;
}

function lookupOf(
  to: Destination,
  permitted: (address: string) => boolean,
  onLookup: ConnectionRules["onLookup"],
): LookupFunction {
  return (hostname, options, callback) => {
    let end = (): void => {};
    onLookup(new Promise((resolve) => (end = resolve)));
    lookup(hostname, { ...options, all: true }, (error, found: readonly LookupAddress[]) => {
      end();
      if (error !== null) return callback(error, []);
      const addresses = found.filter(({ address }) => permitted(address));
      const [first] = addresses;
      if (first === undefined) {
        return callback(
          notPermitted(
            to,
            found.map(({ address }) => address),
          ),
          [],
        );
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function notPermitted({ host, port }: Destination, addresses: readonly string[]): IssuerFailure {
  return new IssuerFailure("address", `${host}:${port} is at ${addresses.join(", ")}`, {
    wanted: "an address in the public internet",
    advice: `if it is an issuer of your own: --allow-private-issuers ${host.includes(":") ? `[${host}]` : host}:${port}; an address for metadata, link-local or multicast is reached only if it is named itself`,
  });
}

/** What a connection ended in. */
export function failureOf(error: Error, to: Destination): IssuerFailure {
  if (error instanceof IssuerFailure) return error;
  const { code } = error as NodeJS.ErrnoException;
  return unreachable(to, code ?? error.message, error);
}

function unreachable({ host, port }: Destination, why: string, cause?: Error): IssuerFailure {
  return new IssuerFailure("unreachable", `${host}:${port}: ${why}`, {
    wanted: "an issuer that can be reached",
    cause,
  });
}
