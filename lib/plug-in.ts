import type { HandlerExecutionContext } from "@smithy/types";
import type { Call } from "./call.ts";
import { contextOf } from "./call-context.ts";
import type { CallArgs, CallHandler, CallMiddleware } from "./types.ts";

/**
 * Runs a middleware of the AWS SDK as the AWS SDK does: made for each call, with a context of that call's own, so that
 * a span or a time that it keeps in either is not mistaken for another call's. It may also leave out of its `args`
 * what it does not know of.
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

  #goOn(args: CallArgs): ReturnType<CallHandler> {
    if (args.call !== undefined) return this.#next(args);
    const { call, attempt } = this.#args;
    return this.#next({ ...args, call, attempt });
  }
}
