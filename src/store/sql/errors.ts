/** The only errors that the store throws on purpose; anything else is a defect. */

/** What a change names is not there. */
export class NotFound extends Error {
  /** Kind of the missing thing, e.g. `user`, `attachment`. */
  readonly kind: string;
  readonly key: string;
  constructor(kind: string, key: string) {
    super(`${kind} ${key} does not exist`);
    this.name = "NotFound";
    this.kind = kind;
    this.key = key;
  }
}

/**
 * The change contradicts what is there. `constraint` says how: `name` (taken), `id`, `alias`, `email`, `key`, `arn`, `quota` (the limit is reached),
 * `dependents` (something still refers to it), `default` (the default version cannot go) or, from the last guard, the
 * database's own name of the constraint. After `dependents` the transaction can only be given up.
 */
export class Conflict extends Error {
  readonly kind: string;
  readonly constraint: string;
  readonly key: string;
  constructor(kind: string, constraint: string, key: string, options?: ErrorOptions) {
    super(`${kind} ${key} conflicts with what exists: ${constraint}`, options);
    this.name = "Conflict";
    this.kind = kind;
    this.constraint = constraint;
    this.key = key;
  }
}

/** Other writers kept winning; nothing was changed and the caller may try again later. */
export class Contention extends Error {
  constructor(options?: ErrorOptions) {
    super("the transaction lost against others too often", options);
    this.name = "Contention";
  }
}

/** A text that no database could keep as it is: storable.ts. */
export class Unstorable extends Error {
  constructor(name: string) {
    super(`${name} holds what cannot be stored`);
    this.name = "Unstorable";
  }
}

/**
 * The database cannot be reached or cannot write. When this ends a write, its outcome may be unknown: the commit was
 * sent, its answer never came.
 */
export class Unavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Unavailable";
  }
}

/** Told at the opening of a database that is not as it has to be; the message says why and how to mend it. */
export class UnusableDatabase extends Unavailable {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UnusableDatabase";
  }
}
