import { expect, test } from "vitest";
import { headersFor, readTarget } from "../../src/http/node/request-target.ts";
import { casesIn } from "../harness/cases.ts";

interface Case {
  readonly name: string;
  readonly method: string;
  readonly text: string;
  /** Null for what is refused. */
  readonly target: string | null;
  readonly authority?: string;
}

test.each(casesIn<Case>("wire/request-targets.jsonl"))("$name: $text", ({ method, text, target, authority }) => {
  expect(readTarget(method, text)).toEqual(target === null ? null : { target, authority });
});

test("an authority replaces every Host that was sent, and stands where there was none", () => {
  const named = readTarget("GET", "http://named/")!;
  expect(headersFor(named, ["Host", "sent", "X-A", "b", "HOST", "again"])).toEqual(["Host", "named", "X-A", "b"]);
  expect(headersFor(named, ["X-A", "b"])).toEqual(["Host", "named", "X-A", "b"]);
  const sent = ["Host", "sent"];
  expect(headersFor(readTarget("GET", "/")!, sent)).toBe(sent);
});
