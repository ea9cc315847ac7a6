/** What a shell reports for a process that SIGINT ended. */
const INTERRUPTED_EXIT_CODE = 130;

/** A command that was understood and did not succeed. The message is one line for its user. */
export class CommandFailed extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.name = "CommandFailed";
    this.exitCode = exitCode;
  }
}

/** A command that Ctrl+C ended. */
export function interrupted(message: string): CommandFailed {
  return new CommandFailed(message, INTERRUPTED_EXIT_CODE);
}
