/**
 * A value that is there at once or comes later. SQLite and the caches answer at once; a promise for each such answer
 * would cost more than the answer. `await` takes either.
 */
export type Eventual<T> = T | Promise<T>;

/** What follows on a value: at once where the value is there. */
export function after<T, R>(value: Eventual<T>, next: (value: T) => Eventual<R>): Eventual<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
