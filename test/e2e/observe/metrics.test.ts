import { describe, expect, test } from "vitest";
import { form, rolecall, send, signed } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";

const start = starter();

async function serve() {
  const server = await start({ metrics: { host: "127.0.0.1", port: 0 } });
  const scrape = () => send(server.metricsUrl!, { method: "GET", target: "/metrics" });
  return { server, url: server.url, administrator: server.created[0]!, scrape };
}

describe("metrics", () => {
  test("there are none unless they are asked for", async () => {
    const server = await start();
    expect(server.metricsUrl).toBeNull();
    expect((await send(server.url, { method: "GET", target: "/metrics" })).body).not.toContain("# TYPE");
  });

  test("requests by operation and outcome, latencies, caches, store, trail, rings", async () => {
    const { url, administrator, scrape } = await serve();
    const stranger = { accessKeyId: "AKIA0000000000000000", secretAccessKey: "x".repeat(40) };
    await send(url, form(url, { Action: "GetCallerIdentity" }, administrator));
    await send(url, form(url, { Action: "GetCallerIdentity" }, administrator));
    await send(url, form(url, { Action: "GetCallerIdentity" }, stranger));
    await send(url, form(url, { Action: "CreateUser", UserName: "ada" }, administrator, { service: "iam" }));
    await send(url, form(url, { Action: "GetUser", UserName: "none" }, administrator, { service: "iam" }));
    await rolecall(url, administrator, "ListAccounts");
    const { status, headers, body } = await scrape();
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    const lines = body.split("\n");
    for (const line of [
      'rolecall_requests_total{service="sts",operation="GetCallerIdentity",outcome="success"} 2',
      'rolecall_requests_total{service="iam",operation="CreateUser",outcome="success"} 1',
      'rolecall_requests_total{service="iam",operation="GetUser",outcome="refused"} 1',
      'rolecall_requests_total{service="rolecall",operation="ListAccounts",outcome="success"} 1',
      'rolecall_requests_total{service="none",operation="none",outcome="unauthenticated"} 1',
      'rolecall_faults_total{service="iam",code="NoSuchEntity"} 1',
      'rolecall_faults_total{service="none",code="InvalidClientTokenId"} 1',
      'rolecall_request_seconds_count{service="sts",operation="GetCallerIdentity"} 2',
      'rolecall_request_seconds_bucket{service="sts",operation="GetCallerIdentity",le="+Inf"} 2',
      'rolecall_store_seconds_count{kind="write"} 1',
      'rolecall_cache_entries{cache="access_keys"} 1',
      'rolecall_ring_key_seals{ring="secrets"} 1',
      'rolecall_rate_limited_total{limit="account"} 0',
      "rolecall_requests_in_flight 0",
      "rolecall_body_bytes_in_flight 0",
      "rolecall_store_pending 0",
      "rolecall_trail_failing 0",
      "rolecall_trail_flush_failures_total 0",
    ]) {
      expect(lines).toContain(line);
    }
    for (const name of [
      "rolecall_cache_hits_total",
      'rolecall_ring_key_age_seconds{ring="tokens"}',
      "rolecall_connections ",
      "nodejs_eventloop_lag_p99_seconds",
      "process_resident_memory_bytes",
    ]) {
      expect(body).toContain(`\n${name}`);
    }
  });

  test("what a client makes up never becomes a label", async () => {
    const { url, administrator, scrape } = await serve();
    for (let index = 0; index < 50; index++) {
      await send(url, form(url, { Action: `MadeUp${index}` }, administrator));
      await send(url, signed(url, { headers: { "x-amz-target": `Rolecall.Made${index}` } }, administrator));
      await send(url, { method: `MADE${index}`.slice(0, 4), target: `/made-up-${index}` }).catch(() => null);
    }
    const { body } = await scrape();
    expect(body).not.toMatch(/made/i);
    expect(body.split("\n").filter((line) => line.startsWith("rolecall_")).length).toBeLessThan(200);
  });

  test("a reset of an ephemeral server leaves them in working order", async () => {
    const { url, administrator, scrape } = await serve();
    const reset = signed(url, { target: "/_rolecall/reset" }, administrator, { service: "rolecall" });
    expect((await send(url, reset)).status).toBe(200);
    await send(url, form(url, { Action: "GetCallerIdentity" }, administrator));
    expect((await scrape()).body).toContain(
      'rolecall_requests_total{service="sts",operation="GetCallerIdentity",outcome="success"} 1',
    );
  });

  test.each([
    ["another path", { method: "GET", target: "/" }, 404],
    ["another method", { method: "POST", target: "/metrics" }, 405],
    ["HEAD", { method: "HEAD", target: "/metrics" }, 200],
  ])("%s: %o", async (_name, sent, status) => {
    const { server } = await serve();
    expect((await send(server.metricsUrl!, sent)).status).toBe(status);
  });
});
