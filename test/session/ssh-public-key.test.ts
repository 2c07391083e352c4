import { describe, expect, test } from "vitest";
import {
  md5Fingerprint,
  parseSshPublicKey,
  pemOf,
  sha256Fingerprint,
  sshLine,
} from "../../src/session/ssh-public-key.ts";
import { casesIn } from "../harness/cases.ts";

interface KeyCase {
  readonly name: string;
  readonly body: string;
  readonly expect: { readonly bits: number; readonly sha256: string; readonly md5: string } | null;
}

const cases = casesIn<KeyCase>("ssh-keys/keys.jsonl");

describe("an SSH public key", () => {
  test.each(cases)("$name", ({ body, expect: wanted }) => {
    const key = parseSshPublicKey(body);
    expect(key && { bits: key.bits, sha256: sha256Fingerprint(key.blob), md5: md5Fingerprint(key.blob) }).toEqual(
      wanted,
    );
    if (key === null) return;
    // Whatever form it came in, the forms that it is shown in are read as the same key.
    expect(Buffer.from(parseSshPublicKey(sshLine(key.blob))!.blob)).toEqual(Buffer.from(key.blob));
    expect(Buffer.from(parseSshPublicKey(pemOf(key.blob))!.blob)).toEqual(Buffer.from(key.blob));
  });
});
