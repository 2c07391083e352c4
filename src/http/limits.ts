/** How much of itself a listener gives away at once. Times are milliseconds. */
export interface HttpLimits {
  /** Connections at once; one more is closed as soon as it is accepted. */
  readonly maxConnections: number;
  /** Bytes of request bodies held at once; requests without a known key may hold a quarter of it. */
  readonly bodyBytes: number;
  /** Size of a request's head: a session token and a presigned URL fit easily. */
  readonly headerBytes: number;
  /** From the start of a connection, or of the next request on it, to the end of the head. */
  readonly headersTimeout: number;
  /** From the same start to the end of the body. */
  readonly requestTimeout: number;
  /** How long a connection may be idle between two requests. */
  readonly keepAliveTimeout: number;
  /** How long nothing may move on a connection while an answer is owed or not yet taken by the client. */
  readonly inactivityTimeout: number;
  /** How often the first two are looked at. */
  readonly checkInterval: number;
}

export const defaultHttpLimits: HttpLimits = {
  maxConnections: 10_000,
  bodyBytes: 128_000_000,
  headerBytes: 32 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  // AWS's clients keep idle connections for up to a minute; the side that asks should be the one to end them.
  keepAliveTimeout: 65_000,
  inactivityTimeout: 70_000,
  checkInterval: 2000,
};
