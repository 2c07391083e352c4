/** Signed requests over connections that stay with the worker that took them. */
import { createHash } from "node:crypto";
import { Agent, request as send } from "node:http";
import { sign } from "../../../src/sigv4/sign.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One keep-alive connection. */
export class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: URL;

  constructor(url: string) {
    this.#url = new URL(url);
  }

  query(
    service: "iam" | "sts",
    credentials: SigningCredentials,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const Version = service === "iam" ? "2010-05-08" : "2011-06-15";
    const body = new URLSearchParams({ Version, ...parameters }).toString();
    return this.#post(service, credentials, body, { "content-type": "application/x-www-form-urlencoded" });
  }

  json(credentials: SigningCredentials, operation: string, input: object): Promise<Answer> {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `Rolecall.${operation}` };
    return this.#post("rolecall", credentials, JSON.stringify(input), headers);
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(
    service: string,
    credentials: SigningCredentials,
    body: string,
    more: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const headers = { host: this.#url.host, ...more };
    const bodyHash = (): string => createHash("sha256").update(body).digest("hex");
    const signed = sign(
      { method: "POST", path: "/", query: "", headers: Object.entries(headers).flat(), bodyHash },
      credentials,
      { region: "us-east-1", service },
      Date.now(),
    );
    return new Promise((resolve, reject) => {
      const options = { method: "POST", agent: this.#agent, headers: { ...headers, ...signed } };
      const outgoing = send(this.#url, options, (incoming) => {
        let text = "";
        incoming.setEncoding("utf8").on("data", (part: string) => (text += part));
        incoming.once("end", () => resolve({ status: incoming.statusCode!, body: text }));
        incoming.once("error", reject);
      });
      outgoing.once("error", reject);
      outgoing.end(body);
    });
  }
}
