/** The file of --trusted-ca, and what Node trusts by itself. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { afterEach, expect, test } from "vitest";
import { readAuthorities } from "../../src/launch/trusted-authorities.ts";
import { issue } from "../harness/certificate.ts";
import { emptyDirectory } from "../harness/cli.ts";

const directories: { remove(): void }[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) directory.remove();
});

function fileOf(text: string): string {
  const directory = emptyDirectory();
  directories.push(directory);
  writeFileSync(join(directory.path, "ca.pem"), text);
  return join(directory.path, "ca.pem");
}

const [one, two] = [issue({ authority: true }), issue({ authority: true })];

test("all certificates of a bundle are trusted, beside those of Node", () => {
  const authorities = readAuthorities({ trustedCa: fileOf(`# ours\n${one.cert}\n# theirs\n${two.cert}`) })!;
  expect(authorities.slice(-2).map((pem) => pem.trim())).toEqual([one.cert.trim(), two.cert.trim()]);
  expect(authorities.length).toBeGreaterThanOrEqual(rootCertificates.length + 2);
  expect(readAuthorities({ trustedCa: null })).toBeNull();
});

test.each([
  ["no certificate", one.key, "holds no CERTIFICATE in PEM form"],
  ["one that cannot be read", one.cert + two.cert.replace("\nMI", "\nAA"), "cannot be read, number 2 in it"],
])("a file with %s is told", (_, text, problem) => {
  expect(() => readAuthorities({ trustedCa: fileOf(text) })).toThrow(problem);
});

test("a file that is not there is told", () => {
  expect(() => readAuthorities({ trustedCa: "/nowhere/ca.pem" })).toThrow("cannot be read (ENOENT)");
});
