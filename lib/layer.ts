import type { MiddlewareStack, Priority, Step } from "@smithy/types";
import type { CallArgs, CallHandler, CallMiddleware, CallResult, Layer } from "./types.ts";

/** A place of its own in a Smithy step. Within one step and priority, layers run in the order of adding. */
export interface StepPlacement {
  readonly name: string;
  readonly step: Step;
  /**
   * @default "high" - ahead of what plug-ins add to the same step without saying more; in the steps `serialize` and
   * `deserialize` "normal", as those of the official client, so that `high` and `low` are on the same side of it
   */
  readonly priority?: Priority;
  /** Further names, such as those that plug-ins of the official client place themselves relative to. */
  readonly aliases?: string[];
}

/** A place next to another layer, wherever that stands. `before` is outside of it, `after` inside. */
export interface RelativePlacement {
  readonly name: string;
  readonly relation: "before" | "after";
  /** Name or alias of the other layer. */
  readonly toMiddleware: string;
}

/** Middlewares that know of the call on their `args`: see {@link isLayer}. */
const layers = new WeakSet<CallMiddleware>();

/** Whether a middleware was made to be linked once, for all calls of an operation. Those of the AWS SDK are not. */
export function isLayer(middleware: CallMiddleware): boolean {
  return layers.has(middleware);
}

export type Placement = StepPlacement | RelativePlacement;

/**
 * A layer of one middleware, for `client.middlewareStack.use(...)`. A user's own layers are made with it as
 * well as those of this package.
 *
 * The outer function of `middleware` runs once for all calls of an operation, and its `context` is theirs together:
 * what belongs to one call is kept in the inner one. A middleware that is added by `middlewareStack.add` is made for
 * each call, as the AWS SDK does it.
 */
export function layer(placement: Placement, middleware: CallMiddleware): Layer {
  return {
    name: placement.name,
    applyToStack(stack) {
      addTo(stack, placement, middleware);
    },
  };
}

/** Adds one middleware to a stack; for layers that are made of more than one. */
export function addTo<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  placement: Placement,
  middleware: CallMiddleware,
): void {
  layers.add(middleware);
  // A cast: Smithy types `args` without the call that our client puts there.
  const { add, addRelativeTo } = stack as unknown as Record<
    "add" | "addRelativeTo",
    (middleware: CallMiddleware, options: Placement) => void
  >;
  if ("relation" in placement) addRelativeTo(middleware, placement);
  else add(middleware, { priority: usualPriority(placement.step), ...placement });
}

function usualPriority(step: Step): Priority {
  return step === "serialize" || step === "deserialize" ? "normal" : "high";
}

/**
 * What `next` promises, for a layer that goes on with `then` on the way of every call: an async frame that waits costs
 * twice as much. A layer inside that throws, or returns something else than a promise, is taken as an async frame
 * would take it.
 */
export function begin(next: CallHandler, args: CallArgs): Promise<CallResult> {
  try {
    return Promise.resolve(next(args));
  } catch (error) {
    return Promise.reject(error);
  }
}
