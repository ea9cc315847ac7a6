/** A command line that cannot be run as it is given. The message is one line for its writer. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}
