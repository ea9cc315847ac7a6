import type { CancelScope } from "./cancellation.ts";
import { sleep } from "./cancellation.ts";
import { classify } from "./classify.ts";
import type { SageMakerRuntimeClient } from "./client.ts";
import { MAX_TIMER_MS } from "./clock.ts";
import { InvokeEndpointCommand } from "./commands.ts";
import { AbortError, TimeoutError } from "./errors/local-errors.ts";
import type {
  InvokeEndpointCommandInput,
  InvokeEndpointCommandOutput,
} from "./operations/invoke-endpoint.ts";
import { warmUpDelayMs } from "./resilience/warm-up.ts";
import { invalidOption } from "./validate.ts";

/** Longer than that, no timer runs. */
const MOST_SECONDS = Math.floor(MAX_TIMER_MS / 1_000);

/** How long and how often to ask; the AWS SDK's form of a waiter's configuration. All times in seconds. */
export interface ModelReadyWaiterConfiguration {
  readonly client: SageMakerRuntimeClient;
  /** Longest wait in all. The service loads a model for up to 360 s. */
  readonly maxWaitTime: number;
  /**
   * Wait before the first question again; it doubles. It counts once the client itself does not wait any more: until
   * then, `retry.warmUp` of the client says how often the model is asked.
   * @default 1
   */
  readonly minDelay?: number | undefined;
  /** The longest of these waits. @default 10 */
  readonly maxDelay?: number | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/** The AWS SDK's form of a waiter's result. A wait that ends otherwise throws. */
export interface ModelReadyWaiterResult {
  readonly state: "SUCCESS";
  /** The answer that showed that the model is ready. */
  readonly reason: InvokeEndpointCommandOutput;
}

/**
 * Asks a model until it answers. `input` must be a request that the model can answer: a small one, since it
 * runs. Waited for is a model that is being loaded, and a copy of one that was scaled to zero; answers that say
 * anything else end the wait: they are the caller's to look at.
 *
 * @throws {TimeoutError} after `maxWaitTime`; {@link AbortError} when `abortSignal` fires
 */
export async function waitUntilModelReady(
  configuration: ModelReadyWaiterConfiguration,
  input: InvokeEndpointCommandInput,
): Promise<ModelReadyWaiterResult> {
  const { client, abortSignal } = configuration;
  const schedule = scheduleOf(configuration);
  const { clock, random } = client.config;
  const waitMs = configuration.maxWaitTime * 1_000;
  const endsAt = clock.now() + waitMs;
  const scope = new WaiterScope();
  abortSignal?.addEventListener("abort", scope);
  try {
    for (let question = 0; ; question++) {
      const leftMs = endsAt - clock.now();
      try {
        // An alternative that answers says nothing of the model.
        const options = { abortSignal, callTimeoutMs: Math.max(1, leftMs), fallback: false };
        return { state: "SUCCESS", reason: await client.send(new InvokeEndpointCommand(input), options) };
      } catch (error) {
        if (error instanceof TimeoutError && error.clock === "call") {
          throw new TimeoutError("call", waitMs, { cause: error });
        }
        if (classify(error, undefined).retry !== "warmUp") throw error;
        const delayMs = warmUpDelayMs(schedule, question, random);
        if (delayMs >= endsAt - clock.now()) throw new TimeoutError("call", waitMs, { cause: error });
        await sleep(clock, delayMs, scope);
        if (scope.cancelled !== undefined)
          throw new AbortError("Request aborted", { cause: abortSignal?.reason });
      }
    }
  } finally {
    abortSignal?.removeEventListener("abort", scope);
  }
}

class WaiterScope implements CancelScope {
  running: CancelScope["running"];
  cancelled: CancelScope["cancelled"];

  handleEvent(): void {
    this.cancelled = "abort";
    this.running?.cancel("abort");
  }
}

function scheduleOf({ maxWaitTime, minDelay = 1, maxDelay = 10 }: ModelReadyWaiterConfiguration) {
  checkSeconds("maxWaitTime", maxWaitTime);
  checkSeconds("minDelay", minDelay);
  checkSeconds("maxDelay", maxDelay);
  if (maxDelay < minDelay) throw invalidOption("maxDelay", `at least minDelay (${minDelay})`, maxDelay);
  return { initialDelayMs: minDelay * 1_000, maxDelayMs: maxDelay * 1_000 };
}

function checkSeconds(option: string, value: number): void {
  if (!(value > 0 && value <= MOST_SECONDS))
    throw invalidOption(option, `a number of seconds above 0 and up to ${MOST_SECONDS}`, value);
}
