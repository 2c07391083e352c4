/** A case that cannot be run as it stands; nothing is guessed of it. */
export class CaseError extends Error {
  /** Where in the text of the file: UTF-16 units from its start. */
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.name = "CaseError";
    this.offset = offset;
  }
}

/** A document of a case that is no policy: what the case is about, so that it is the case's result and not the file's. */
export class DocumentError extends CaseError {
  constructor(message: string, offset: number) {
    super(message, offset);
    this.name = "DocumentError";
  }
}
