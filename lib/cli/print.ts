import { CommandFailed } from "./command-failed.ts";

/**
 * Prints on standard output. A reader that has left, such as `head`, has had what it wanted.
 *
 * @throws {CommandFailed} where the text cannot be written for another reason, such as a full disk
 */
export function print(text: string): Promise<void> {
  const { stdout } = process;
  return new Promise((resolve, reject) => {
    // The stream reports a failure as an event as well, which nobody's listening to makes an exception.
    stdout.on("error", () => {});
    stdout.write(text, (error) => {
      if (!error || (error as NodeJS.ErrnoException).code === "EPIPE") resolve();
      else reject(new CommandFailed(`standard output: ${error.message}`, 1));
    });
  });
}
