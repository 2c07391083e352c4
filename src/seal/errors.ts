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

/** A ring that cannot seal: no promoted key, or one that has sealed as often as it may. For operators, not clients. */
export class SealError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SealError";
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
