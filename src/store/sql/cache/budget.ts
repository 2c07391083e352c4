/** What each cache may hold: bytes, as it estimates them. */
export interface CacheBudget {
  /** Opened session tokens, and whose they are. */
  readonly sessions: number;
  readonly accessKeys: number;
  /** A number; each takes about 800 bytes. */
  readonly signingKeys: number;
  /** Users and roles that call. */
  readonly entities: number;
  /** Compiled policies of users and roles. */
  readonly policies: number;
  readonly sessionPolicies: number;
  /** Roles that calls name. */
  readonly roles: number;
  readonly places: number;
  /** Of OpenID Connect issuers. */
  readonly issuerKeys: number;
  /** Accounts whose roles are asked for with tokens, and their OIDC providers. */
  readonly providers: number;
}

const megabyte = 1_000_000;

const largest: CacheBudget = {
  sessions: 24 * megabyte,
  accessKeys: 8 * megabyte,
  signingKeys: 10_000,
  entities: 8 * megabyte,
  policies: 16 * megabyte,
  sessionPolicies: 6 * megabyte,
  roles: 44 * megabyte,
  places: 2 * megabyte,
  issuerKeys: 8 * megabyte,
  providers: 4 * megabyte,
};

/** Heap at which a process has no use for more: six times all caches together. */
const roomyHeap = 768 * megabyte;

/**
 * What the caches of a process may hold: 128 MB together, less where the heap is small. What policy/ keeps of texts and
 * actions, 8 MB at most, and small tables with a fixed number of short entries come on top.
 *
 * @param heapLimit bytes, as V8 has it
 */
export function cacheBudget(heapLimit: number): CacheBudget {
  const share = Math.min(1, heapLimit / roomyHeap);
  return Object.fromEntries(
    Object.entries(largest).map(([cache, bytes]) => [cache, Math.floor(bytes * share)]),
  ) as unknown as CacheBudget;
}

/** Of a process with room. */
export const roomyCaches: CacheBudget = largest;
