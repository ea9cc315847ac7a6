/** A command that was understood and did not succeed. The message is one line for its user. */
export class CommandFailed extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.name = "CommandFailed";
    this.exitCode = exitCode;
  }
}
