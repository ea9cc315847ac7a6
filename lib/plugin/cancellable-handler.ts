import type { Attempt } from "../attempt.ts";
import { CancelSignal } from "../cancellation.ts";
import { type AnyAbortSignal, platformSignal } from "../old-abort-signal.ts";

/** As much of an HTTP handler of the AWS SDK as is handed on. */
export interface HttpHandlerLike {
  readonly metadata?: { readonly handlerProtocol: string } | undefined;
  handle(request: never, options?: HandlerOptions): Promise<{ response: unknown }>;
  updateHttpClientConfig?(key: never, value: never): void;
  httpHandlerConfigs?(): object;
  destroy?(): void;
}

interface HandlerOptions {
  abortSignal?: AnyAbortSignal;
}

/** As much of what an extension of the AWS SDK may change as is changed. */
export interface HttpHandlerSeam {
  httpHandler(): HttpHandlerLike;
  setHttpHandler(handler: HttpHandlerLike): void;
}

/** The attempts whose requests are with a handler. */
const attempts = new WeakMap<object, Attempt>();

/** Says whose request a handler is about to be given. */
export function noteExchange(request: object, attempt: Attempt): void {
  attempts.set(request, attempt);
}

/**
 * Ends requests whose attempts are cancelled. A stack cannot: it hands the caller's signal on, and no other. Nor does it
 * hear of the end of its client.
 */
export class CancellableHandler implements HttpHandlerLike {
  readonly #handler: HttpHandlerLike;
  readonly #onDestroy: () => void;

  constructor(handler: HttpHandlerLike, onDestroy: () => void) {
    this.#handler = handler;
    this.#onDestroy = onDestroy;
  }

  get metadata() {
    return this.#handler.metadata;
  }

  handle(request: never, options: HandlerOptions = {}): Promise<{ response: unknown }> {
    const attempt = attempts.get(request);
    if (attempt === undefined) return this.#handler.handle(request, options);
    // The call hears of the caller's signal and hands it on, with its reason.
    const cancellation = new CancelSignal(attempt.call.settings.abortSignal);
    attempt.running = cancellation;
    return this.#handler.handle(request, {
      ...options,
      abortSignal: signalFor(attempt, cancellation, options),
    });
  }

  updateHttpClientConfig(key: never, value: never): void {
    this.#handler.updateHttpClientConfig?.(key, value);
  }

  httpHandlerConfigs(): object {
    return this.#handler.httpHandlerConfigs?.() ?? {};
  }

  destroy(): void {
    this.#onDestroy();
    this.#handler.destroy?.();
  }
}

/** A stream goes on when its call has ended, and the caller's signal with it. */
function signalFor(
  { call }: Attempt,
  { signal }: CancelSignal,
  { abortSignal }: HandlerOptions,
): AbortSignal {
  const callers = abortSignal === undefined ? undefined : platformSignal(abortSignal);
  return callers === undefined || !call.operation.isStreaming ? signal : AbortSignal.any([signal, callers]);
}
