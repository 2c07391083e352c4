import { Fault } from "../../contracts/fault.ts";
import type { Claim } from "../../session/verification.ts";
import { canonicalHeader } from "../../sigv4/canonical-headers.ts";
import { advance } from "../stage.ts";
import type { Exchange } from "../stage.ts";

/** Hosts that are tried: each costs a signature. */
const most = 4;

/**
 * A proxy that sends a Host of its own breaks every signature, and nothing shows why. Many say which Host they were sent:
 * where the signature is good for that one, the log names both. The client is told what everybody is told.
 */
export function noteProxiedHost(exchange: Exchange, claim: Claim, error: unknown): void {
  if (!(error instanceof Fault) || error.code !== "SignatureDoesNotMatch") return;
  const { arrival, environment, signed } = exchange;
  const hosts = forwardedHosts(arrival.headers).filter((host) => host !== arrival.host);
  if (hosts.length === 0) return;
  const signedHost = environment.verifier.signedHost(claim, signed, hosts.slice(0, most));
  if (signedHost !== undefined) advance(exchange, { signedHost });
}

/** Of X-Forwarded-Host, and of Forwarded (RFC 7239 §5.3). */
function forwardedHosts(headers: readonly string[]): readonly string[] {
  const hosts = (canonicalHeader(headers, "x-forwarded-host") ?? "").split(",").map((host) => host.trim());
  const forwarded = canonicalHeader(headers, "forwarded") ?? "";
  for (const [, quoted, plain] of forwarded.matchAll(/(?:^|[;,]) ?host=(?:"([^"]*)"|([^;, ]*))/gi)) {
    hosts.push(quoted ?? plain ?? "");
  }
  return [...new Set(hosts)].filter((host) => host !== "");
}
