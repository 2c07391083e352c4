import type { RingPurpose } from "./ring-purpose.ts";

/**
 * A sealed text that cannot be opened. Why is not said: an unknown key, a retired key and a changed byte are one to
 * whoever sent it.
 */
export class UnsealError extends Error {
  constructor() {
    super("the sealed data cannot be opened");
    this.name = "UnsealError";
  }
}

/**
 * Sealed with a key that this process does not have, and another may have made since: read the ring again, then
 * try once more.
 */
export class UnknownRingKey extends UnsealError {
  readonly ring: RingPurpose;
  /** 8 hex digits, as whoever sent the text wrote them. */
  readonly keyId: string;
  constructor(ring: RingPurpose, keyId: string) {
    super();
    this.name = "UnknownRingKey";
    this.ring = ring;
    this.keyId = keyId;
  }
}

/** A ring that cannot seal: no promoted key, or one that has sealed as often as it may. For operators, not clients. */
export class SealError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SealError";
  }
}

/** Sealed with a key that does not seal any more: read the ring again, then seal once more. */
export class FormerRingKey extends SealError {
  constructor(keyId: string) {
    super(`key ${keyId} of secrets does not seal any more`);
    this.name = "FormerRingKey";
  }
}

/** A step of rotation that the state of the ring does not allow. */
export class RotationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RotationError";
  }
}

/** The master key is missing, unreadable or the wrong one: what, where, and how to mend it. */
export class MasterKeyError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "MasterKeyError";
  }
}

/** A master key, but not the one that this data was sealed with. */
export class WrongMasterKeyError extends MasterKeyError {
  constructor(message: string) {
    super(message);
    this.name = "WrongMasterKeyError";
  }
}
