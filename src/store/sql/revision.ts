/**
 * How a domain (domain.ts) stands: the number of its changes, and a stamp drawn anew with each. A number alone comes back with
 * another content when changes are lost (a failover to a replica that had not received them, a restored backup); the
 * stamp does not, so what was cached of the lost ones is never taken for the present.
 */
export interface Revision {
  readonly number: number;
  /** 48 random bits. */
  readonly stamp: number;
}

/** That of a domain that does not exist. */
export const noRevision: Revision = { number: 0, stamp: 0 };

export function sameRevision(one: Revision, other: Revision): boolean {
  return one === other || (one.number === other.number && one.stamp === other.stamp);
}
