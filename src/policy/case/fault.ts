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
