/** Texts and numbers that no database keeps as they are: the same answer on both, and a fault of the caller's. */
import { expect, test, beforeAll } from "vitest";
import { caller } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { faultOf, form, jsonFaultOf, send } from "../../harness/http.ts";
import { casesIn } from "../../harness/cases.ts";
import { onEachDatabase } from "../../harness/places.ts";
import type { RunningServer } from "../../../src/server/server.ts";

interface Case {
  readonly name: string;
  readonly service: "iam" | "sts" | "rolecall";
  readonly operation: string;
  readonly input: Readonly<Record<string, string>>;
  readonly fault: string;
}

onEachDatabase("what cannot be stored", (start) => {
  let server: RunningServer;
  let administrator: Caller;
  const defects: unknown[] = [];
  beforeAll(async () => {
    server = await start({ first: { id: "111122223333" }, onError: (error) => defects.push(error) });
    administrator = caller(server.url, server.created[0]!);
  });

  test.each(casesIn<Case>("e2e/unstorable.jsonl"))("$name", async ({ service, operation, input, fault }) => {
    const { keys, rolecall } = administrator;
    const said =
      service === "rolecall"
        ? jsonFaultOf(await rolecall(operation, input))
        : faultOf(await send(server.url, form(server.url, { Action: operation, ...input }, keys, { service })));
    expect(said).toBe(fault);
    expect(defects).toEqual([]);
  });

  test("a key id of a presigned request", async () => {
    const query = new URLSearchParams({
      Action: "GetCallerIdentity",
      Version: "2011-06-15",
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": `${administrator.keys.accessKeyId}\0/20260101/us-east-1/sts/aws4_request`,
      "X-Amz-Date": "20260101T000000Z",
      "X-Amz-Expires": "60",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": "00".repeat(32),
    });
    const answer = await send(server.url, { method: "GET", target: `/?${query}` });
    expect(faultOf(answer)).toBe("InvalidClientTokenId 403: The security token included in the request is invalid.");
    expect(defects).toEqual([]);
  });
});
