import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { describeError, RequestLog } from "../../../src/observe/request-log.ts";
import { Unavailable } from "../../../src/store/sql/errors.ts";
import { caller } from "../../harness/clients.ts";
import { faultOf, form, send } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";

const start = starter();

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

function keeper(level: string, slowMs = 60_000) {
  const texts: string[] = [];
  const log = new RequestLog(pino({ level, base: null }, { write: (text: string) => texts.push(text) }), slowMs);
  return { log, texts, lines: () => texts.map((text) => JSON.parse(text) as Line) };
}

describe("the log", () => {
  test("at info: one line a request, with what leads to its record in the trail", async () => {
    const { log, lines } = keeper("info");
    const server = await start({ requests: log });
    const administrator = server.created[0]!;
    const answer = await send(server.url, form(server.url, { Action: "GetCallerIdentity" }, administrator));
    await send(
      server.url,
      form(server.url, { Action: "GetUser", UserName: "none" }, administrator, { service: "iam" }),
    );
    await send(server.url, { body: "x" });
    const [first, second, third] = lines() as [Line, Line, Line];
    expect(lines()).toHaveLength(3);
    expect(first).toEqual({
      level: 30,
      time: expect.any(Number) as number,
      requestId: answer.headers["x-amzn-requestid"],
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      service: "sts",
      operation: "GetCallerIdentity",
      outcome: "success",
      status: 200,
      principal: `arn:aws:iam::${administrator.accountId}:user/administrator`,
      sourceIp: "127.0.0.1",
      ms: expect.any(Number) as number,
      msg: "request",
    });
    expect(second).toMatchObject({ operation: "GetUser", outcome: "refused", status: 404, code: "NoSuchEntity" });
    expect(third).not.toHaveProperty("principal");
    const records: string[] = [];
    const { trail } = server.environment();
    await trail.flush();
    for await (const record of trail.newestFirst()) records.push(record);
    expect(records.some((record) => record.includes(`"eventID":"${first["eventId"] as string}"`))).toBe(true);
  });

  test("at warn: nothing of what goes well, and what is slow", async () => {
    const quiet = keeper("warn");
    const slow = keeper("warn", 0);
    for (const { log } of [quiet, slow]) {
      const server = await start({ requests: log });
      await send(server.url, form(server.url, { Action: "GetCallerIdentity" }, server.created[0]!));
    }
    expect(quiet.lines()).toEqual([]);
    expect(slow.lines()).toMatchObject([{ level: 40, msg: "slow request", outcome: "success" }]);
  });

  test("no secret, token or signature gets into it, whatever is sent and made", async () => {
    const { log, texts } = keeper("trace");
    const server = await start({ requests: log });
    const administrator = server.created[0]!;
    const admin = caller(server.url, administrator);
    const session = await admin.sts.getSessionToken({});
    await admin.iam.createUser({ UserName: "ada" });
    const key = await admin.iam.createAccessKey({ UserName: "ada" });
    const { SecretAccessKey: secret, SessionToken: token } = session.Credentials!;
    const temporary = {
      accessKeyId: session.Credentials!.AccessKeyId!,
      secretAccessKey: secret!,
      sessionToken: token!,
    };
    const sent = form(server.url, { Action: "GetCallerIdentity" }, temporary);
    await send(server.url, sent);
    await send(server.url, {
      ...sent,
      headers: { ...sent.headers, "x-amz-security-token": `${token!.slice(0, -4)}AAAA` },
    });
    const log_ = texts.join("");
    expect(texts.length).toBeGreaterThan(4);
    const signature = /Signature=([0-9a-f]{64})/.exec(
      sent.headers!["authorization"] ?? sent.headers!["Authorization"]!,
    )![1]!;
    for (const hidden of [
      administrator.secretAccessKey,
      secret!,
      token!.slice(0, 40),
      key.AccessKey!.SecretAccessKey!,
      signature,
    ]) {
      expect(log_).not.toContain(hidden);
    }
  });

  test("a host that a proxy has changed is told, and the client learns nothing of it", async () => {
    const { log, lines } = keeper("warn");
    const server = await start({ requests: log });
    const administrator = server.created[0]!;
    const sent = form("http://iam.example:8443", { Action: "GetCallerIdentity" }, administrator);
    const through = async (headers: Record<string, string>, more: object = {}): Promise<string> => {
      const received = await send(server.url, { ...sent, headers: { ...sent.headers, ...headers }, ...more });
      return faultOf(received);
    };
    const mismatch = await through({ host: "127.0.0.1:7653" });
    expect(mismatch).toContain("SignatureDoesNotMatch 403: The request signature we calculated");
    expect(lines()).toEqual([]);
    const forwarded = [
      { "x-forwarded-host": "iam.example:8443" },
      { "x-forwarded-host": "a, b, iam.example:8443" },
      { forwarded: 'for=192.0.2.1;host="iam.example:8443";proto=https' },
      { forwarded: "for=192.0.2.1, host=iam.example:8443" },
    ];
    for (const headers of forwarded) expect(await through({ host: "127.0.0.1:7653", ...headers })).toBe(mismatch);
    const line = {
      level: 40,
      msg: "signed for another host: a proxy changes Host",
      code: "SignatureDoesNotMatch",
      signedHost: "iam.example:8443",
      receivedHost: "127.0.0.1:7653",
    };
    expect(lines()).toMatchObject(forwarded.map(() => line));
    // What differs in more than the host is nobody's proxy, and only so many hosts are tried.
    for (const headers of [
      { "x-forwarded-host": "other.example" },
      { "x-forwarded-host": "a, b, c, d, iam.example:8443" },
    ]) {
      expect(await through({ host: "127.0.0.1:7653", ...headers })).toBe(mismatch);
    }
    expect(
      await through(
        { host: "h", "x-forwarded-host": "iam.example:8443" },
        { body: "Action=GetCallerIdentity&Version=2011-06-15" },
      ),
    ).toContain("SignatureDoesNotMatch");
    expect(lines()).toHaveLength(forwarded.length);
  });

  test("an error is told with its causes, by named fields alone", () => {
    const deepest = Object.assign(new Error("disk I/O"), { code: "SQLITE_IOERR", secretAccessKey: "hidden" });
    const { log, lines, texts } = keeper("error");
    log.error(new Unavailable("the database file cannot be used", { cause: deepest }));
    expect(lines()).toMatchObject([
      {
        error: {
          name: "Unavailable",
          message: "the database file cannot be used",
          stack: expect.stringContaining("request-log.test.ts") as string,
          cause: { name: "Error", code: "SQLITE_IOERR", message: "disk I/O" },
        },
      },
    ]);
    expect(texts[0]).not.toContain("hidden");
  });

  test("a JSON error does not quote what it could not read; a circle of causes ends", () => {
    const thrown = (() => {
      try {
        return JSON.parse('{"secret": hidden}') as Error;
      } catch (error) {
        return error as Error;
      }
    })();
    expect(JSON.stringify(describeError(thrown))).not.toContain("hidden");
    const circle = new Error("circle");
    circle.cause = circle;
    expect(JSON.stringify(describeError(circle)).match(/circle"/g)).toHaveLength(6);
  });

  test("a flood is held back and counted", () => {
    const { log, lines } = keeper("error");
    for (let index = 0; index < 500; index++) log.error(new Error("again"));
    expect(lines().length).toBeGreaterThanOrEqual(50);
    expect(lines().length).toBeLessThanOrEqual(100);
  });
});
