/**
 * More is asked than the server takes on at once. The request is turned away before it costs anything; the client is
 * told to come back (503, Retry-After).
 */
export class Overload extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Overload";
  }
}
