import type { HandlerExecutionContext } from "@smithy/types";
import type { Call } from "./call.ts";
import { contextOf } from "./call-context.ts";
import { sayAttempts } from "./call-metadata.ts";
import { describeFailure } from "./errors/describe-failure.ts";
import type { CallArgs, CallHandler, CallMiddleware, CallResult } from "./types.ts";

/**
 * Runs a middleware of the AWS SDK as the AWS SDK does: made for each call, with a context of that call's own, so that
 * a span or a time that it keeps in either is not mistaken for another call's. It may also leave out of its `args`
 * what it does not know of, and it finds in `$metadata`, of an output and of an error, the attempts that were made.
 */
export function asPlugIn(middleware: CallMiddleware): CallMiddleware {
  return function linkPlugIn(next, shared) {
    const runs = new WeakMap<Call, PlugInRun>();
    return function plugIn(args) {
      let run = runs.get(args.call);
      if (run === undefined) {
        run = new PlugInRun(middleware, next, contextOf(args.call, shared));
        runs.set(args.call, run);
      }
      return run.handle(args);
    };
  };
}

/** One plug-in in one call: a retry passes it again. */
class PlugInRun {
  readonly #handler: CallHandler;
  readonly #next: CallHandler;
  #args!: CallArgs;

  constructor(middleware: CallMiddleware, next: CallHandler, context: HandlerExecutionContext) {
    this.#next = next;
    this.#handler = middleware((args) => this.#goOn(args), context);
  }

  handle(args: CallArgs): ReturnType<CallHandler> {
    this.#args = args;
    return this.#handler(args);
  }

  async #goOn(args: CallArgs): Promise<CallResult> {
    const { call, attempt } = this.#args;
    try {
      const result = await this.#next(args.call === undefined ? { ...args, call, attempt } : args);
      if (result?.output) sayAttempts(result.output, call);
      return result;
    } catch (error) {
      throw error instanceof Error ? describeFailure(error, call) : error;
    }
  }
}
