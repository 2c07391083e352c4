import { afterAll, expect, it } from "vitest";
import { emptyDirectory, rolecall } from "../../harness/cli.ts";

const directory = emptyDirectory();
afterAll(() => directory.remove());

it("a command whose server does not answer says so", async () => {
  const words = ["account", "list", "--endpoint-url", "http://127.0.0.1:1"];
  const environment = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "s" };
  const { code, err } = await rolecall(directory.path, words, environment);
  expect({ code, err: err.trimEnd() }).toEqual({
    code: 1,
    err: `rolecall: no rolecall server answers at http://127.0.0.1:1 (connect ECONNREFUSED 127.0.0.1:1): start one with "rolecall serve"`,
  });
});
