/** What a stranger sends may be large; the answer, the record and what the server holds of it are not. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { BodyBudget, BodyHold } from "../../../src/http/body-budget.ts";
import { unsignedLimit } from "../../../src/http/receive.ts";
import { Trail } from "../../../src/trail/trail.ts";
import { form, send, signed } from "../../harness/http.ts";
import type { Sent } from "../../harness/http.ts";
import { dataDirectory, starter } from "../../harness/places.ts";
import { postHead, RawClient } from "../../harness/socket.ts";

const start = starter();
const formType = "application/x-www-form-urlencoded";
const megabytes = 9_900_000;

async function serve() {
  const directory = dataDirectory();
  const server = await start({ dataDirectory: directory });
  const recordOf = async (requestId: unknown): Promise<string | undefined> => {
    await server.environment().trail.flush();
    return readdirSync(join(directory, "trail"))
      .filter((name) => name.endsWith(".jsonl"))
      .flatMap((name) => readFileSync(join(directory, "trail", name), "utf8").split("\n"))
      .find((line) => line.includes(`"requestID":"${String(requestId)}"`));
  };
  return { url: server.url, credentials: server.created[0]!, recordOf };
}

const action = (value: string, more = "") => ({
  headers: { "content-type": formType },
  body: `Action=${value}&Version=2011-06-15${more}`,
});
const header = (name: string, value: string) => ({ headers: { "content-type": formType, [name]: value }, body: "A=1" });
const credential = (key: string, scope = "20260101/us-east-1/sts/aws4_request") =>
  header(
    "authorization",
    `AWS4-HMAC-SHA256 Credential=${key}/${scope}, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
  );
const many = "x".repeat(20_000);

/** What is answered, in short, to each. */
const unsigned: readonly (readonly [name: string, sent: Sent, status: number])[] = [
  ["a long Action", action("A".repeat(megabytes)), 400],
  ["an Action that XML makes longer", action("%26".repeat(megabytes / 3)), 400],
  ["an Action that JSON makes longer", action("%01".repeat(megabytes / 3)), 400],
  ["a long Version", { ...action("GetCallerIdentity"), body: `Action=Get&Version=${"V".repeat(megabytes)}` }, 400],
  ["a long parameter", action("GetCallerIdentity", `&Long=${"x".repeat(megabytes)}`), 403],
  ["long names", action("GetCallerIdentity", `&${"x".repeat(megabytes)}=1`), 403],
  ["a long target", { headers: { "x-amz-target": many }, body: "{}" }, 400],
  ["a long target that JSON makes longer", { headers: { "x-amz-target": `Rolecall.${'"\\'.repeat(9000)}` } }, 400],
  ["a long body for a target", { headers: { "x-amz-target": "Rolecall.ListKeys" }, body: "x".repeat(megabytes) }, 403],
  ["a long path", { target: `/${many}`, ...action("Nothing") }, 400],
  ["a long query", { method: "GET", target: `/?Action=${many}&Version=2011-06-15` }, 400],
  ["a long query without an Action", { method: "GET", target: `/?${many}` }, 302],
  ["a long user agent", header("user-agent", many), 302],
  ["a long key id", credential(many), 403],
  ["a long region", credential("AKIAIOSFODNN7EXAMPLE", `20260101/${many}/sts/aws4_request`), 403],
  ["a long service", credential("AKIAIOSFODNN7EXAMPLE", `20260101/us-east-1/${many}/aws4_request`), 403],
  ["a long credential", credential(`a/b/${many}`), 400],
  ["a long algorithm", header("authorization", `AWS${many} Credential=x`), 400],
  ["a long scheme", header("authorization", `${many} x`), 400],
  [
    "a long name in the Authorization header",
    header("authorization", `AWS4-HMAC-SHA256 ${many.slice(9999)}=1, ${many.slice(9999)}=1`),
    400,
  ],
];

describe("ten megabytes of members", async () => {
  const { url, created } = await start();
  const signedForm = (body: string, service = "sts") =>
    send(url, signed(url, { headers: { "content-type": formType }, body }, created[0]!, { service }));

  test("that mean nothing are passed by, as on AWS", async () => {
    const action = "Action=GetCallerIdentity&Version=2011-06-15";
    const received = await signedForm(`${action}&${"x&".repeat((megabytes - 100) / 2)}y=`);
    expect([received.status, received.body.includes("<Arn>")]).toEqual([200, true]);
  });

  test("of a list are refused", async () => {
    const tags = Array.from({ length: 300_000 }, (_, index) => `Tags.member.${index + 1}.Key=k`).join("&");
    const received = await signedForm(`Action=TagUser&Version=2010-05-08&UserName=u&${tags}`, "iam");
    expect([received.status, received.body.includes("<Code>ValidationError</Code>")]).toEqual([400, true]);
  });
});

describe("a request that nobody signed", async () => {
  const { url, recordOf } = await serve();

  test.each(unsigned)("%s: a short answer and a short record", async (_name, sent, status) => {
    const dated = { ...sent, headers: { "x-amz-date": "20260101T000000Z", ...sent.headers } };
    const received = await send(url, dated);
    expect(received.status, received.body).toBe(status);
    expect(received.body.length + JSON.stringify(received.headers).length).toBeLessThan(3500);
    if (status === 302) return;
    const record = await recordOf(received.headers["x-amzn-requestid"]);
    expect(record?.length).toBeLessThan(5000);
  });

  test("is answered by its beginning, and little of it is held", async () => {
    const held: number[] = [];
    const count = vi.spyOn(BodyBudget.prototype, "count").mockImplementation((bytes) => void held.push(bytes));
    try {
      const client = await RawClient.open(url);
      client.send(postHead(url, { "content-type": formType, "content-length": megabytes }));
      client.send(`Action=ListUsers&Version=2010-05-08&Long=${"x".repeat(200_000)}`);
      // Nearly ten million bytes are promised and do not come.
      expect(await client.answers()).toEqual([403]);
      expect(client.heard).toContain("<Code>MissingAuthenticationToken</Code>");
      await client.closed;
      expect(held.filter((bytes) => bytes > 0).reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(
        unsignedLimit,
      );
    } finally {
      count.mockRestore();
    }
  });

  test("of unknown length is read to its end, and no more of it is held", async () => {
    const client = await RawClient.open(url);
    client.send(postHead(url, { "content-type": formType, "transfer-encoding": "chunked" }));
    const body = `Action=ListUsers&Version=2010-05-08&Long=${"x".repeat(500_000)}`;
    client.send(`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
    expect(await client.answers()).toEqual([403]);
    client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(await client.answers(2)).toEqual([403, 200]);
    client.socket.destroy();
  });
});

describe("a request of a principal", async () => {
  const { url, credentials, recordOf } = await serve();

  test.each([
    ["a long Action", { body: `Action=${"A".repeat(megabytes)}&Version=2010-05-08` }, 400],
    ["a value of no form", { body: `Action=GetUser&Version=2010-05-08&UserName=${"%26".repeat(1_000_000)}` }, 400],
    [
      "many values of no form",
      {
        body: `Action=TagUser&Version=2010-05-08&UserName=a${Array.from(
          { length: 2000 },
          (_, index) => `&Tags.member.${index + 1}.Key=${"%26".repeat(300)}`,
        ).join("")}`,
      },
      400,
    ],
  ])("%s: a short answer and a short record", async (_name, { body }, status) => {
    const sent = signed(url, { headers: { "content-type": formType }, body }, credentials, { service: "iam" });
    const received = await send(url, sent);
    expect(received.status).toBe(status);
    expect(received.body.length).toBeLessThan(26_000);
    const record = await recordOf(received.headers["x-amzn-requestid"]);
    expect(record?.length).toBeLessThan(9000);
  });

  test("its body counts until its record is made", async () => {
    const order: string[] = [];
    const append = vi.spyOn(Trail.prototype, "append");
    append.mockImplementation(() => void order.push("recorded"));
    const released = vi.spyOn(BodyHold.prototype, "release").mockImplementation(() => void order.push("released"));
    try {
      await send(url, form(url, { Action: "GetCallerIdentity" }, credentials));
      expect(order.slice(0, 2)).toEqual(["recorded", "released"]);
    } finally {
      append.mockRestore();
      released.mockRestore();
    }
  });
});
