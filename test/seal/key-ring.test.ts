import { describe, expect, it } from "vitest";
import { fc } from "../harness/property.ts";

import { SealError, UnsealError } from "../../src/seal/errors.ts";
import { KeyRing, sealOverhead } from "../../src/seal/key-ring.ts";
import { addKey, createRing, generateKey, promote } from "../../src/seal/ring-state.ts";
import type { RingState } from "../../src/seal/ring-state.ts";

const text = (value: string) => Buffer.from(value, "utf8");

const retired = (ring: RingState, id: string): RingState => ({
  ...ring,
  keys: ring.keys.map((key) => (key.id === id ? { ...key, state: "retired", material: null } : key)),
});

describe("sealing", () => {
  const ring = new KeyRing(createRing("tokens", 0));

  it("opens what it sealed, whatever it is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: "grapheme" }), (plain, associated) => {
        const sealed = ring.seal(plain, associated);
        expect(sealed.length).toBe(plain.length + sealOverhead);
        expect(Buffer.from(ring.open(sealed, associated)).equals(plain)).toBe(true);
      }),
    );
  });

  it("never makes the same text twice", () => {
    const seen = new Set(Array.from({ length: 5000 }, () => Buffer.from(ring.seal(text("same"), "")).toString("hex")));
    expect(seen.size).toBe(5000);
  });

  it("refuses other associated data, every flipped bit, every cut, and noise, all with the same words", () => {
    const sealed = ring.seal(text("secret"), "ASIA1");
    const refuse = (bytes: Uint8Array, associated = "ASIA1") => {
      expect(() => ring.open(bytes, associated)).toThrow(new UnsealError());
    };
    for (const associated of ["", "ASIA2", "ASIA1 ", "asia1"]) refuse(sealed, associated);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Uint8Array.from(sealed);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      refuse(flipped);
    }
    for (let length = 0; length < sealed.length; length++) refuse(sealed.subarray(0, length));
    refuse(Buffer.concat([sealed, Uint8Array.of(0)]));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => refuse(noise)));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => refuse(Buffer.concat([sealed.subarray(0, 5), noise]))),
    );
  });

  it("keeps the purposes apart, even with the same key", () => {
    const state = createRing("tokens", 0);
    const sealed = new KeyRing(state).seal(text("x"), "a");
    expect(() => new KeyRing({ ...state, purpose: "secrets" }).open(sealed, "a")).toThrow(UnsealError);
  });
});

describe("rotation", () => {
  it("distributes, promotes, retires", () => {
    let state = createRing("tokens", 1);
    const first = state.keys[0]!;
    const ring = new KeyRing(state);
    const old = ring.seal(text("old"), "");
    const second = generateKey(2);

    state = addKey(state, second);
    ring.replace(state);
    expect(ring.promoted?.id).toBe(first.id);

    state = promote(state, second.id, 3);
    ring.replace(state);
    expect(ring.promoted?.id).toBe(second.id);
    expect(state.keys.map(({ state, changedAt }) => [state, changedAt])).toEqual([
      ["distributed", 3],
      ["promoted", 3],
    ]);
    const young = ring.seal(text("young"), "");
    expect(text("old").equals(ring.open(old, ""))).toBe(true);

    // A node that has the key already, but does not know of the promotion, opens what is sealed with it.
    const elsewhere = new KeyRing(addKey({ purpose: "tokens", keys: [first] }, second));
    expect(text("young").equals(elsewhere.open(young, ""))).toBe(true);

    // Retired by whoever keeps the ring (session/ring-keeper.ts).
    state = retired(state, first.id);
    ring.replace(state);
    expect(state.keys[0]).toMatchObject({ id: first.id, state: "retired", material: null });
    expect(() => ring.open(old, "")).toThrow(UnsealError);
    expect(text("young").equals(ring.open(young, ""))).toBe(true);
  });

  it("refuses steps that make no sense", () => {
    const state = createRing("secrets", 0);
    const [key] = state.keys;
    const next = generateKey(0);
    const gone = retired(addKey(state, next), next.id);
    for (const step of [
      () => promote(state, key!.id, 0),
      () => promote(state, "00000000", 0),
      () => promote(gone, next.id, 0),
      () => addKey(state, key!),
      () => addKey(state, { ...next, id: "xyz" }),
      () => addKey(state, { ...next, state: "promoted" }),
      () => addKey(state, { ...next, material: null }),
    ]) {
      expect(step).toThrow(expect.objectContaining({ name: "RotationError" }));
    }
    expect(() => new KeyRing(state).replace({ ...state, purpose: "tokens" })).toThrow(SealError);
  });

  it("seals with nothing where nothing is promoted", () => {
    const ring = new KeyRing(addKey({ purpose: "tokens", keys: [] }, generateKey(0)));
    expect(ring.promoted).toBeNull();
    expect(() => ring.seal(text("x"), "")).toThrow(SealError);
  });
});

describe("the count of seals", () => {
  it("ends at the limit, and says before that it is time", () => {
    const ring = new KeyRing(createRing("tokens", 0), 10);
    const due = Array.from({ length: 10 }, () => (ring.seal(text("x"), ""), ring.rotationDue));
    expect(due).toEqual([false, false, false, false, true, true, true, true, true, true]);
    expect(() => ring.seal(text("x"), "")).toThrow(/has sealed 10 times: rotate the ring/);
  });

  it("goes on from what is stored, and hands out what is not yet stored once", () => {
    const state = createRing("tokens", 0);
    const id = state.keys[0]!.id;
    const stored = (seals: number) => ({ ...state, keys: state.keys.map((key) => ({ ...key, seals })) });
    const ring = new KeyRing(stored(100));
    ring.seal(text("x"), "");
    ring.seal(text("x"), "");
    ring.replace(stored(150));
    expect(ring.promoted).toEqual({ id, seals: 152 });
    expect(ring.takeUnrecorded()).toEqual(new Map([[id, 2]]));
    expect(ring.takeUnrecorded()).toEqual(new Map());
    ring.seal(text("x"), "");
    ring.replace(stored(152));
    expect(ring.promoted).toEqual({ id, seals: 153 });
  });
});
