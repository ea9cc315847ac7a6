import { settle } from "./fake-clock.ts";
import { type ScriptedClient, scriptedClient } from "./scripted-client.ts";

/** A call that gets the only permit and keeps it until it is told to leave. */
export async function holdPermit({ call, network }: ScriptedClient): Promise<() => Promise<void>> {
  const script = network.inFlight;
  const controller = new AbortController();
  const holding = call({}, { abortSignal: controller.signal });
  await settle();
  if (network.inFlight !== script + 1) throw new Error("the holder was not sent");
  return async () => {
    controller.abort();
    await holding;
  };
}

/** A client with one permit, which is taken. */
export async function fullClient(
  answers: Parameters<typeof scriptedClient>[0],
  config: Parameters<typeof scriptedClient>[1] = {},
) {
  const test = scriptedClient(["silence", ...answers], { concurrencyLimit: 1, ...config });
  return { ...test, release: await holdPermit(test) };
}

/** A limit of one without a queue. */
export const noQueue = { concurrencyLimit: { algorithm: "fixed", initial: 1, maxQueue: 0 } } as const;
