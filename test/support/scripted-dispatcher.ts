import { Dispatcher } from "undici";
import type { Clock } from "../../lib/clock.ts";

/** What comes back: a status alone, an answer, or a failing connection. */
type PlayedAnswer =
  | number
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    }
  | { readonly resets: "connect" | "headers" | "body" };

/** One scripted answer: at once, after some time, or never. */
export type ScriptedAnswer =
  | PlayedAnswer
  | { readonly afterMs: number; readonly answer: PlayedAnswer }
  | "silence";

/** What the service answers for an inference component that is scaled to zero, until it has a copy. */
export const NO_CAPACITY = {
  status: 400,
  body: '{"Message":"Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress"}',
};

/** What the client sent. */
export interface SentRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Names that the service gives to its statuses. */
const CODES: Readonly<Record<number, string>> = {
  400: "ValidationError",
  403: "AccessDeniedException",
  424: "ModelError",
  429: "ModelNotReadyException",
  500: "InternalFailure",
  503: "ServiceUnavailable",
  530: "InternalDependencyException",
};

/**
 * An undici dispatcher that answers from a script, within microtasks: with it as the client's `dispatcher`, a
 * test moves time by hand and nothing else does. The last answer repeats.
 */
export class ScriptedDispatcher extends Dispatcher {
  // Private, so that it does not stand in what a test prints of the client to look for leaks.
  readonly #requests: SentRequest[] = [];
  readonly #script: ScriptedAnswer[];
  readonly #clock: Clock | undefined;
  /** Exchanges that were begun and neither answered nor aborted. */
  inFlight = 0;
  maxInFlight = 0;
  aborted = 0;

  /** @param clock needed for answers that take time */
  constructor(script: readonly ScriptedAnswer[], clock?: Clock) {
    super();
    this.#script = [...script];
    this.#clock = clock;
  }

  get requests(): readonly SentRequest[] {
    return this.#requests;
  }

  /** Changes what is answered from now on. */
  answerWith(...script: ScriptedAnswer[]): void {
    this.#script.splice(0, this.#script.length, ...script);
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const answer = this.#script.length > 1 ? this.#script.shift() : this.#script[0];
    if (answer === undefined) throw new Error("the script is empty");
    if (typeof answer === "object" && "resets" in answer && answer.resets === "connect") {
      handler.onResponseError?.(null as never, withCode("ECONNREFUSED"));
      return true;
    }
    this.#begin(options, handler, answer);
    return true;
  }

  #begin(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
    answer: ScriptedAnswer,
  ): void {
    this.#requests.push({
      path: options.path,
      headers: options.headers as Record<string, string>,
      body: (options.body as Uint8Array | null) ?? new Uint8Array(0),
    });
    this.maxInFlight = Math.max(this.maxInFlight, ++this.inFlight);
    const isTimed = typeof answer === "object" && "afterMs" in answer;
    const controller = new ScriptedController((error) => {
      this.inFlight--;
      this.aborted++;
      this.#clock?.clearTimeout(timer);
      handler.onResponseError?.(controller, error);
    });
    handler.onRequestStart?.(controller, undefined);
    const answerWith = (played: PlayedAnswer) => {
      if (controller.aborted) return;
      this.inFlight--;
      play(played, handler, controller);
    };
    const timer = isTimed ? this.#clock?.setTimeout(answerWith, answer.afterMs, answer.answer) : undefined;
    if (!isTimed && answer !== "silence") queueMicrotask(() => answerWith(answer));
  }
}

class ScriptedController implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  readonly #onAbort: (error: Error) => void;

  constructor(onAbort: (error: Error) => void) {
    this.#onAbort = onAbort;
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#onAbort(reason);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }
}

function play(
  answer: PlayedAnswer,
  handler: Dispatcher.DispatchHandler,
  controller: Dispatcher.DispatchController,
): void {
  if (typeof answer === "object" && "resets" in answer) {
    if (answer.resets === "body") handler.onResponseStart?.(controller, 200, {});
    handler.onResponseError?.(controller, withCode("ECONNRESET"));
    return;
  }
  const { status, headers = {}, body = "" } = typeof answer === "number" ? { status: answer } : answer;
  const code = status >= 300 ? { "x-amzn-errortype": CODES[status] ?? "Unknown" } : {};
  handler.onResponseStart?.(controller, status, {
    "x-amzn-requestid": "request-1",
    "x-amzn-invoked-production-variant": "blue",
    ...code,
    ...headers,
  });
  const bytes = Buffer.from(body === "" && status >= 300 ? '{"Message":"scripted"}' : body);
  if (bytes.byteLength > 0) handler.onResponseData?.(controller, bytes);
  handler.onResponseEnd?.(controller, {});
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}
