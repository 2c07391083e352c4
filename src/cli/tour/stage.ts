import { createHash } from "node:crypto";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { STSClient } from "@aws-sdk/client-sts";
import { sign } from "../../sigv4/sign.ts";
import type { SigningCredentials } from "../../sigv4/sign.ts";
import type { Endpoint } from "../post.ts";
import { CommandError } from "../../launch/terminal.ts";

/** An account of the story and the key of its administrator. */
export interface TourAccount {
  readonly id: string;
  readonly credentials: SigningCredentials;
}

export interface Cast {
  readonly url: string;
  readonly region: string;
  /** Where Bob is at home. */
  readonly a: TourAccount;
  /** Where the roles are. */
  readonly b: TourAccount;
  /** The outside party. */
  readonly c: TourAccount;
}

/** What a service answered over plain HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** An answer that is a fault, whoever said it. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "Refused";
    this.code = code;
  }
}

type IamModule = typeof import("@aws-sdk/client-iam");
type StsModule = typeof import("@aws-sdk/client-sts");

/** Where the story is played: the server, the real SDK, and the credentials that each of the cast holds at the moment. */
export class Stage {
  readonly cast: Cast;
  readonly iamCommands: IamModule;
  readonly stsCommands: StsModule;
  /** The example service; there from the step that starts it. */
  documentsUrl = "";
  readonly #holders = new Map<string, SigningCredentials>();
  readonly #clients = new Map<SigningCredentials, { readonly iam: IAMClient; readonly sts: STSClient }>();
  readonly #closing: (() => Promise<void>)[] = [];

  private constructor(cast: Cast, iamCommands: IamModule, stsCommands: StsModule) {
    this.cast = cast;
    this.iamCommands = iamCommands;
    this.stsCommands = stsCommands;
    this.give("the administrator of A", cast.a.credentials);
    this.give("the administrator of B", cast.b.credentials);
    this.give("the administrator of C", cast.c.credentials);
  }

  /** The SDK is loaded here and not before: no other command waits for it. */
  static async open(cast: Cast): Promise<Stage> {
    return new Stage(cast, await import("@aws-sdk/client-iam"), await import("@aws-sdk/client-sts"));
  }

  give(who: string, credentials: SigningCredentials): void {
    this.#holders.set(who, credentials);
  }

  credentials(who: string): SigningCredentials {
    const held = this.#holders.get(who);
    if (held === undefined) throw new Error(`${who} has no credentials at this point of the story`);
    return held;
  }

  iam(who: string): IAMClient {
    return this.#clientsOf(who).iam;
  }

  sts(who: string): STSClient {
    return this.#clientsOf(who).sts;
  }

  /** For our own API. */
  endpoint(who: string): Endpoint {
    const { url, region } = this.cast;
    return { url, region, credentials: this.credentials(who), source: `the credentials of ${who}` };
  }

  /** A signed request to the example service. @throws Refused */
  async documents(who: string, method: string, path: string, body = ""): Promise<HttpAnswer> {
    const url = new URL(path, this.documentsUrl);
    const signed = sign(
      {
        method,
        path,
        query: "",
        headers: ["host", url.host],
        bodyHash: () => createHash("sha256").update(body).digest("hex"),
      },
      this.credentials(who),
      { region: this.cast.region, service: "documents" },
      Date.now(),
    );
    const response = await fetch(url, { method, headers: signed, ...(body === "" ? {} : { body }) });
    const text = await response.text();
    if (response.ok) return { status: response.status, text };
    const { Code: code, Message: message } = JSON.parse(text) as { Code: string; Message: string };
    throw new Refused(code, message);
  }

  atEnd(close: () => Promise<void>): void {
    this.#closing.push(close);
  }

  async close(): Promise<void> {
    for (const { iam, sts } of this.#clients.values()) {
      iam.destroy();
      sts.destroy();
    }
    for (const close of this.#closing.reverse()) await close();
  }

  #clientsOf(who: string): { readonly iam: IAMClient; readonly sts: STSClient } {
    const credentials = this.credentials(who);
    const known = this.#clients.get(credentials);
    if (known !== undefined) return known;
    const options = { endpoint: this.cast.url, region: this.cast.region, credentials, maxAttempts: 1 };
    const made = {
      iam: new this.iamCommands.IAMClient(options),
      sts: new this.stsCommands.STSClient(options),
    };
    this.#clients.set(credentials, made);
    return made;
  }
}

/** What a call must have answered for the story to go on. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new CommandError(`the server's answer lacks ${what}`);
  return value;
}
