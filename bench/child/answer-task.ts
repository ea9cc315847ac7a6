import { stayOnOwnCore } from "./own-core.ts";

/** What a measuring process sends to its parent, once. */
export type TaskMessage<Sample> = { readonly sample: Sample } | { readonly error: string };

/** Runs `measure` with the input that the parent gave to this process, and sends what comes of it. */
export async function answerTask<Input, Sample>(measure: (input: Input) => Promise<Sample>): Promise<void> {
  // The parent is gone, or has what it asked for: nothing that a client left open keeps the process alive.
  process.on("disconnect", () => process.exit());
  const send = (message: TaskMessage<Sample>) => process.send?.(message);
  try {
    await stayOnOwnCore();
    send({ sample: await measure(JSON.parse(process.argv[2] ?? "{}") as Input) });
  } catch (error) {
    send({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
}
