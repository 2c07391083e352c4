import { expect, test } from "vitest";
import { prefersJson } from "../../src/wire/accept.ts";

test.each([
  ["application/json", true],
  ["Application/JSON", true],
  ["application/json; charset=utf-8", true],
  ["application/json;q=0.5", true],
  ["application/json, text/plain, */*", true],
  ["text/html, application/json;q=0.9, */*;q=0.8", true],
  ["application/json, application/xml;q=0.9", true],
  ["application/json, text/xml", true],
  ["text/xml;q=0.3, application/json;q=0.4", true],
  ["text/xml, application/json", false],
  ["application/json;q=0.4, application/xml;q=0.5", false],
  ["application/json;q=0", false],
  ["application/json;q=nothing", false],
  ["application/json;q=", false],
  ["*/*", false],
  ["application/*", false],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", false],
  ["application/x-amz-json-1.1", false],
  ["application/jsonp", false],
  ["application/vnd.api+json", false],
  ["text/xml", false],
  ["", false],
  [",;,", false],
  [undefined, false],
])("Accept: %s", (accept, json) => {
  expect(prefersJson(accept)).toBe(json);
});
