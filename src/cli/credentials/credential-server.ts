import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RoleCredentials } from "./role-credentials.ts";

export interface CredentialServer {
  /** For AWS_CONTAINER_CREDENTIALS_FULL_URI. */
  readonly url: string;
  /** For AWS_CONTAINER_AUTHORIZATION_TOKEN. */
  readonly token: string;
  close(): Promise<void>;
}

const address = "127.0.0.1";
/** Of a command and its children; what they send is a head without a body. */
const limits = { connections: 64, headBytes: 8192, milliseconds: 5000 } as const;

/**
 * Serves credentials on the loopback interface over the protocol of containers (AWS SDKs Reference, "Container credential
 * provider"): to whoever has the token, which is made at random here. Other users of the machine reach the port, and so do
 * web pages by a name that resolves to it: hence the token, and the Host that must be this address.
 */
export async function serveCredentials(get: () => Promise<RoleCredentials>): Promise<CredentialServer> {
  const token = randomBytes(32).toString("base64url");
  const wanted = digest(token);
  let host = "";
  const server = createServer(
    {
      maxHeaderSize: limits.headBytes,
      headersTimeout: limits.milliseconds,
      requestTimeout: limits.milliseconds,
      keepAliveTimeout: limits.milliseconds,
      connectionsCheckingInterval: limits.milliseconds / 5,
    },
    (request, response) => {
      const refusal = refusalOf(request, host, wanted);
      if (refusal === null) void answer(get, response);
      else refuse(response, ...refusal);
    },
  );
  server.maxConnections = limits.connections;
  server.listen(0, address);
  await once(server, "listening");
  host = `${address}:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/`,
    token,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

type Refusal = readonly [status: number, code: string, message: string];

function refusalOf({ method, url, headers }: IncomingMessage, host: string, wanted: Buffer): Refusal | null {
  if (headers.host !== host) return [403, "AccessDenied", `This server is ${host}, and nothing else.`];
  if (!timingSafeEqual(digest(headers.authorization ?? ""), wanted)) {
    return [401, "AccessDenied", "Send the value of AWS_CONTAINER_AUTHORIZATION_TOKEN as Authorization."];
  }
  if (url !== "/") return [404, "NotFound", "There is nothing but /."];
  if (method !== "GET") return [405, "MethodNotAllowed", "Only GET is answered."];
  return null;
}

async function answer(get: () => Promise<RoleCredentials>, response: ServerResponse): Promise<void> {
  try {
    send(response, 200, await get());
  } catch (error) {
    refuse(response, 503, "CredentialsUnavailable", error instanceof Error ? error.message : String(error));
  }
}

/** SDKs look for one spelling or the other. */
function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  send(response, status, { code, message, Code: code, Message: message });
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
  });
  response.end(text);
}

/** Of equal length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
