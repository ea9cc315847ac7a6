import type { Attempt } from "../attempt.ts";
import type { Call } from "../call.ts";
import { classify } from "../classify.ts";
import type { SageMakerRuntimeClient } from "../client.ts";
import { InvokeEndpointCommand } from "../commands.ts";
import { layer } from "../layer.ts";
import { NONE, OTHER, UNKNOWN } from "../metrics/sentinels.ts";
import type { InvokeEndpointCommandInput } from "../operations/invoke-endpoint.ts";
import type { Outcome } from "../outcome.ts";
import { RESOURCE_NAME } from "../protocol/rules.ts";
import type { AttemptTime, CallEnd } from "./call-end.ts";

/** What a name of an error looks like. The code of an error answer is whatever the server wrote there. */
const ERROR_NAME = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/;

/** Makes the same call again and again, and says of each how it ended. */
export class ProbedClient {
  readonly #client: SageMakerRuntimeClient;
  readonly #input: InvokeEndpointCommandInput;
  readonly #calls = new WeakMap<object, Call>();

  /** Adds a layer to the client. */
  constructor(client: SageMakerRuntimeClient, input: InvokeEndpointCommandInput) {
    this.#client = client;
    this.#input = input;
    client.middlewareStack.use(
      layer({ name: "loadProbe", step: "initialize" }, (next) => {
        return (args) => {
          this.#calls.set(args.input, args.call);
          return next(args);
        };
      }),
    );
  }

  async call(): Promise<CallEnd> {
    // An input of its own, by which the layer's call is found again.
    const input = { ...this.#input };
    try {
      const { $metadata } = await this.#client.send(new InvokeEndpointCommand(input));
      const end = callEnd(this.#calls.get(input), undefined);
      return $metadata.fallback === undefined ? end : { ...end, isFromFallback: true };
    } catch (error) {
      return callEnd(this.#calls.get(input), error);
    }
  }
}

function callEnd(call: Call | undefined, error: unknown): CallEnd {
  const { outcome } = classify(error, call?.cancelled);
  const sent = call?.attempts.filter((attempt) => attempt.sent) ?? [];
  return {
    outcome,
    variant: variantOf(call, sent.at(-1)),
    error: error === undefined ? undefined : nameOf(error),
    attempts: sent.map((attempt) => attemptTime(attempt, outcome)),
  };
}

function variantOf(call: Call | undefined, last: Attempt | undefined): string {
  if (last === undefined) return NONE;
  const name = last.invokedVariant ?? call?.target.variant;
  if (name === undefined) return UNKNOWN;
  return RESOURCE_NAME.pattern.test(name) ? name : OTHER;
}

function nameOf(error: unknown): string {
  return error instanceof Error && ERROR_NAME.test(error.name) ? error.name : "Error";
}

/** No layer may have marked the end of the last attempt: then it is the end of the call, which is now. */
function attemptTime(attempt: Attempt, outcomeOfCall: Outcome): AttemptTime {
  const endedAt = attempt.endedAt === 0 ? attempt.call.clock.now() : attempt.endedAt;
  return { durationMs: endedAt - attempt.admittedAt, outcome: attempt.outcome ?? outcomeOfCall };
}
