/** What a service outside received from its client, as it gives it to rolecall:Authorize. */
import { createHash } from "node:crypto";
import { sign } from "../../src/sigv4/sign.ts";
import type { SigningCredentials } from "../../src/sigv4/sign.ts";

export const host = "shop.example:8080";

export interface Asked {
  readonly time?: number;
  readonly region?: string;
  readonly service?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function hash(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

/** The request as the service received it, signed by its client. */
export function received(keys: SigningCredentials, asked: Asked = {}) {
  const { time = Date.now(), region = "eu-central-1", service = "shop", body = "" } = asked;
  const headers = { Host: host, "User-Agent": "shopper/1.0", ...asked.headers };
  const input = {
    method: "PUT",
    path: "/goods/1",
    query: "a=b",
    headers: Object.entries(headers).flat(),
    bodyHash: () => hash(body),
  };
  const added = sign(input, keys, { region, service }, time);
  return {
    Method: "PUT",
    Url: "/goods/1?a=b",
    Headers: Object.entries({ ...headers, ...added }).map(([Name, Value]) => ({ Name, Value })),
    BodySha256: hash(body),
  };
}
