import { readFileSync } from "node:fs";

import { sha256BytesHex } from "../../src/sigv4/hash.ts";
import type { SignedRequestInput } from "../../src/sigv4/request.ts";

/** The case files of test/cases/sigv4, and requests made from their texts. */
export function readCases<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../cases/sigv4/${name}.json`, import.meta.url), "utf8")) as T;
}

export interface SuiteCase {
  readonly name: string;
  readonly context: {
    readonly credentials: {
      readonly access_key_id: string;
      readonly secret_access_key: string;
      readonly token?: string;
    };
    readonly expiration_in_seconds: number;
    readonly normalize: boolean;
    readonly region: string;
    readonly service: string;
    readonly sign_body: boolean;
    readonly timestamp: string;
    readonly omit_session_token?: boolean;
  };
  readonly request: string;
  readonly "header-canonical-request": string;
  readonly "header-string-to-sign": string;
  readonly "header-signature": string;
  readonly "header-signed-request": string;
  readonly "query-canonical-request": string;
  readonly "query-string-to-sign": string;
  readonly "query-signature": string;
  readonly "query-signed-request": string;
}

/** A raw HTTP request as node:http would deliver it: byte strings, folded lines kept in the value. */
export function readRequest(raw: string): SignedRequestInput {
  const text = Buffer.from(raw, "utf8").toString("latin1");
  const split = text.indexOf("\n\n");
  const head = (split < 0 ? text.replace(/\n$/, "") : text.slice(0, split)).replace(/\n(?=[ \t])/g, "\r");
  const body = split < 0 ? "" : text.slice(split + 2);
  const [first, ...lines] = head.split("\n");
  const space = first!.indexOf(" ");
  const target = first!.slice(space + 1, first!.lastIndexOf(" "));
  const question = target.indexOf("?");
  return request({
    method: first!.slice(0, space),
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? "" : target.slice(question + 1),
    headers: lines.flatMap((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
    body,
  });
}

/** @param body a byte string */
export function request(given: {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers: readonly string[];
  readonly body?: string;
}): SignedRequestInput {
  const hash = sha256BytesHex(Buffer.from(given.body ?? "", "latin1"));
  return {
    method: given.method ?? "GET",
    path: given.path ?? "/",
    query: given.query ?? "",
    headers: given.headers,
    bodyHash: () => hash,
  };
}
