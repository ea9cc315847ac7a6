import type { Attempt } from "../attempt.ts";
import type { Call } from "../call.ts";
import { type Classification, classify } from "../classify.ts";
import type { SageMakerRuntimeClient } from "../client.ts";
import { InvokeEndpointCommand } from "../commands.ts";
import { layer } from "../layer.ts";
import { NONE, OTHER, UNKNOWN } from "../metrics/sentinels.ts";
import type { InvokeEndpointCommandInput } from "../operations/invoke-endpoint.ts";
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
  const end = classify(error, call?.cancelled);
  const sent = call?.attempts.filter((attempt) => attempt.sent) ?? [];
  return {
    outcome: end.outcome,
    variant: call === undefined ? NONE : variantOf(call),
    error: error === undefined ? undefined : nameOf(error),
    attempts: sent.map((attempt) => attemptTime(attempt, end)),
  };
}

/** As the metrics have it: of the attempt that decided the call, which need not be the last, and of this endpoint. */
function variantOf({ decidedBy, target }: Call): string {
  if (decidedBy === undefined || decidedBy.target.endpoint !== target.endpoint) return NONE;
  const { invokedVariant, sent } = decidedBy;
  if (invokedVariant === undefined && !sent) return NONE;
  const name = invokedVariant ?? decidedBy.target.variant;
  if (name === undefined) return UNKNOWN;
  return RESOURCE_NAME.pattern.test(name) ? name : OTHER;
}

function nameOf(error: unknown): string {
  return error instanceof Error && ERROR_NAME.test(error.name) ? error.name : "Error";
}

/** No layer may have marked the end of the last attempt: then it is the end of the call, which is now. */
function attemptTime(attempt: Attempt, endOfCall: Classification): AttemptTime {
  const endedAt = attempt.endedAt === 0 ? attempt.call.clock.now() : attempt.endedAt;
  const { outcome, isOverload } = attempt.classification ?? endOfCall;
  return { durationMs: endedAt - attempt.admittedAt, outcome, isOverload };
}
