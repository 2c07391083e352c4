import { deflateRawSync } from "node:zlib";

import { describe, expect, it } from "vitest";
import { anyText, fc } from "../harness/property.ts";

import { KeyRing } from "../../src/seal/key-ring.ts";
import { createRing } from "../../src/seal/ring-state.ts";
import { decodeSession, InvalidToken, issueToken, longestToken, TokenTooLarge } from "../../src/session/token.ts";
import type { Session } from "../../src/session/token.ts";

const ring = new KeyRing(createRing("tokens", 0));

const encodeSession = (by: KeyRing, session: Session): string => issueToken(by, session);

const small: Session = {
  version: 1,
  kind: "role",
  account: "123456789012",
  accessKeyId: "ASIAY34FZKBOKMUTVV7A",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  issuer: { id: "AROAY34FZKBOKMUTVV7AA" },
  sessionName: "bob",
  issuedAt: 1_700_000_000_000,
  expiresAt: 1_700_003_600_000,
  tags: [],
  policyArns: [],
  chainDepth: 0,
  sessionId: "0123456789abcdef",
  originId: "0123456789abcdef",
  origin: { arn: "arn:aws:iam::123456789012:user/bob", id: "AIDAY34FZKBOKMUTVV7AA" },
  context: {},
};

const full: Session = {
  ...small,
  kind: "federated",
  mfaAt: 1_699_999_999_000,
  sourceIdentity: "bob@example.com",
  tags: [
    { key: "team", value: "bläu", transitive: true },
    { key: "empty", value: "", transitive: false },
  ],
  policy: JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } }),
  policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
  chainDepth: 2,
  parentId: "fedcba9876543210",
  context: { "saml:sub": "bob", "saml:edupersonaffiliation": ["staff", "member"], "saml:empty": [] },
};

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
const tag = fc.record({ key: text, value: text, transitive: fc.boolean() }, { noNullPrototype: true });
const sessions: fc.Arbitrary<Session> = fc
  .record(
    {
      version: fc.constant(1 as const),
      kind: fc.constantFrom("role", "user", "federated"),
      account: fc.stringMatching(/^\d{12}$/),
      accessKeyId: fc.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      secretAccessKey: fc.base64String({ minLength: 40, maxLength: 40 }),
      issuer: fc.record({ id: text }, { noNullPrototype: true }),
      sessionName: text,
      issuedAt: time,
      expiresAt: time,
      mfaAt: time,
      sourceIdentity: text,
      tags: fc.array(tag, { maxLength: 50 }),
      policy: anyText({ maxLength: 2048, size: "max" }),
      policyArns: fc.array(text, { maxLength: 10 }),
      chainDepth: fc.nat(100),
      sessionId: text,
      parentId: text,
      originId: text,
      origin: fc.record({ arn: text, id: text }, { noNullPrototype: true }),
      context: fc.dictionary(text, fc.oneof(text, fc.array(text, { maxLength: 4 })), { maxKeys: 8 }),
    },
    {
      noNullPrototype: true,
      requiredKeys: [
        "version",
        "kind",
        "account",
        "accessKeyId",
        "secretAccessKey",
        "issuer",
        "sessionName",
        "issuedAt",
        "expiresAt",
        "tags",
        "policyArns",
        "chainDepth",
        "sessionId",
        "originId",
        "origin",
        "context",
      ],
    },
  )
  .map((session) => session as Session);

/** With a context that has no prototype, as a decoded one. */
function bare(session: Session): Session {
  return { ...session, context: Object.assign(Object.create(null) as Session["context"], session.context) };
}

describe("a token", () => {
  it.each([
    ["small", small],
    ["full", full],
  ])("gives back the %s session", (_, session) => {
    const token = encodeSession(ring, session);
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeSession(ring, session.accessKeyId, token)).toStrictEqual(bare(session));
  });

  it("stays short for an ordinary session", () => {
    expect(encodeSession(ring, small).length).toBeLessThan(450);
  });

  it("tells nothing of what is in it", () => {
    const token = encodeSession(ring, small);
    const content = Buffer.from(token, "base64url").toString("latin1");
    for (const part of [small.secretAccessKey, small.account, small.accessKeyId, "bob"])
      expect(content).not.toContain(part);
  });

  it("gives back any session, or is too large", () => {
    let tooLarge = 0;
    fc.assert(
      fc.property(sessions, (session) => {
        try {
          const token = encodeSession(ring, session);
          expect(token.length).toBeLessThanOrEqual(longestToken);
          expect(decodeSession(ring, session.accessKeyId, token)).toStrictEqual(bare(session));
        } catch (error) {
          if (!(error instanceof TokenTooLarge)) throw error;
          tooLarge++;
        }
      }),
      { numRuns: 500 },
    );
    expect(tooLarge).toBeGreaterThan(0);
  });

  it.each([0, 1, 100, 1000, 1001, 1002, 1003, 4095, 4096])("is padded to at least %i characters", (least) => {
    const token = issueToken(ring, full, least);
    expect(token.length).toBeGreaterThanOrEqual(least);
    expect(token.length).toBeLessThanOrEqual(longestToken);
    expect(decodeSession(ring, full.accessKeyId, token)).toStrictEqual(bare(full));
  });

  it("does not find context keys that are not there", () => {
    const { context } = decodeSession(ring, full.accessKeyId, encodeSession(ring, full));
    expect(context["constructor"]).toBeUndefined();
    expect(context["__proto__"]).toBeUndefined();
  });

  it("keeps a context key named __proto__ a key", () => {
    const session = { ...small, context: JSON.parse('{"__proto__":"x"}') as Session["context"] };
    const { context } = decodeSession(ring, small.accessKeyId, encodeSession(ring, session));
    expect(Object.entries(context)).toEqual([["__proto__", "x"]]);
  });
});

describe("the length of a token", () => {
  // Hardly compressible, and the same in each run.
  let state = 1;
  const noise = (length: number) =>
    Array.from({ length }, () => String.fromCharCode(33 + ((state = (state * 48271) % 2147483647) % 94))).join("");
  const fits = (session: Session): boolean => {
    try {
      return encodeSession(ring, session).length > 0;
    } catch (error) {
      if (error instanceof TokenTooLarge) return false;
      throw error;
    }
  };

  it("lets the longest policy of AWS in, with ten managed policies", () => {
    const policyArns = Array.from(
      { length: 10 },
      (_, index) => `arn:aws:iam::123456789012:policy/team/policy-${index}`,
    );
    expect(fits({ ...small, policy: noise(2048), policyArns })).toBe(true);
  });

  it("ends at 4,096 characters, and not before", () => {
    const text = noise(5000);
    let length = 2000;
    let longest = 0;
    for (; fits({ ...small, policy: text.slice(0, length) }); length++) {
      longest = encodeSession(ring, { ...small, policy: text.slice(0, length) }).length;
    }
    expect(longest).toBeGreaterThan(longestToken - 8);
  });

  it("is too large, not cut, for fifty of the largest tags and for a context beyond all measure", () => {
    const tags = Array.from({ length: 50 }, () => ({ key: noise(128), value: noise(256), transitive: true }));
    const many = Array.from({ length: 50 }, (_, index) => ({
      key: `${index}${"x".repeat(120)}`,
      value: "y".repeat(256),
      transitive: true,
    }));
    expect(fits({ ...small, tags: many })).toBe(true);
    // 77 KB that deflate to a token of 962 characters.
    const wide = many.map(({ key }) => ({
      key: key.padEnd(128, "x"),
      value: "\u{20000}".repeat(256),
      transitive: true,
    }));
    for (const session of [
      { ...small, tags },
      { ...small, tags: wide },
      { ...small, context: { "saml:x": noise(4200) } },
      { ...small, context: { "saml:x": "x".repeat(200_000) } },
      { ...small, sessionName: "x".repeat(70_000) },
      { ...small, policy: "x".repeat(200_000) },
    ]) {
      expect(fits(session)).toBe(false);
    }
  });
});

describe("a hostile token", () => {
  const token = encodeSession(ring, full);
  const refuse = (candidate: string, accessKeyId = full.accessKeyId, by = ring) => {
    expect(() => decodeSession(by, accessKeyId, candidate)).toThrow(InvalidToken);
  };

  it("is refused under another access key id, and by another ring", () => {
    refuse(token, "ASIAY34FZKBOKMUTVV7B");
    refuse(token, "");
    refuse(token, full.accessKeyId, new KeyRing(createRing("tokens", 0)));
  });

  it("is refused with any character changed, cut off or added", () => {
    for (let index = 0; index < token.length; index++) {
      const other = token[index] === "A" ? "B" : "A";
      refuse(token.slice(0, index) + other + token.slice(index + 1));
      refuse(token.slice(0, index));
    }
    for (const more of ["A", "=", "==", " ", "\n", "é", "\0"]) {
      refuse(token + more);
      refuse(more + token);
    }
    refuse(token.replaceAll("-", "+").replaceAll("_", "/"));
  });

  it("is refused when it is noise", () => {
    fc.assert(fc.property(fc.oneof(anyText(), fc.base64String({ maxLength: 6000 })), (noise) => refuse(noise)));
    refuse("A".repeat(10_000_000));
    refuse("");
  });

  it("is refused when it was sealed rightly but holds no session", () => {
    const sealed = (content: Uint8Array) => Buffer.from(ring.seal(content, full.accessKeyId)).toString("base64url");
    const frame = (head: Uint8Array, flags: number, policies: Uint8Array, version = 1) => {
      const start = Buffer.alloc(10);
      start.set([version, flags]);
      start.writeUInt16BE(head.length, 2);
      start.writeUInt32BE(policies.length, 6);
      return sealed(Buffer.concat([start, head, policies]));
    };
    const head = Buffer.from(JSON.stringify([0, "1", "s", "i", "n", 1, 2, null, null, 0, "x", null, "o", "arn", "id"]));
    const none = Buffer.alloc(0);
    expect(decodeSession(ring, full.accessKeyId, frame(head, 0, none)).sessionName).toBe("n");
    refuse(frame(head, 0, none, 2));
    refuse(frame(head, 4, none));
    refuse(frame(none, 0, none));
    refuse(sealed(none));
    for (const lengths of [
      [255, 255, 0, 0, 0, 0, 0, 0],
      [0, 0, 255, 255, 0, 0, 0, 0],
      [0, 0, 0, 0, 255, 255, 255, 255],
    ]) {
      refuse(sealed(Buffer.from([1, 0, ...lengths])));
    }
    for (const wrong of ["null", "{}", "[]", "[3]", '[0,1,"s","i","n",1,2,null,null,0,"x",null,"o","arn","id"]']) {
      refuse(frame(Buffer.from(wrong), 0, none));
    }
    for (const wrong of [
      "null,",
      "1",
      "{}",
      "[null,[],[[1,2,3]]]",
      "[null,[1],[]]",
      '[null,[],[["k","v"]]]',
      "[1,[],[]]",
    ]) {
      refuse(frame(head, 0, Buffer.from(wrong)));
    }
    const bomb = deflateRawSync(Buffer.from(JSON.stringify(["x".repeat(50_000_000), [], []])));
    refuse(frame(head, 2, bomb));
    refuse(frame(head, 2, Buffer.from("not deflated")));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (noise) => refuse(sealed(noise))));
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), (noise) => refuse(frame(head, 2, noise))));
  });

  it("has no detail in its refusal", () => {
    const messages = new Set<string>();
    for (const candidate of ["", "A", token.slice(1), `${token}A`]) {
      try {
        decodeSession(ring, full.accessKeyId, candidate);
      } catch (error) {
        messages.add((error as Error).message);
      }
    }
    expect([...messages]).toEqual(["the session token is invalid"]);
  });
});
