import { constructStack } from "@smithy/middleware-stack";
import type { HandlerExecutionContext, MiddlewareStack } from "@smithy/types";
import { isLayer } from "./layer.ts";
import { asPlugIn } from "./plug-in.ts";
import type { CallHandler, CallMiddleware } from "./types.ts";

/** The methods of a Smithy stack that change what it resolves to. */
const CHANGING = ["add", "addRelativeTo", "use", "remove", "removeByTag"] as const;

/** An empty Smithy stack. The only place of the package that makes one. */
export function createStack<Input extends object = object, Output extends object = object>(): MiddlewareStack<
  Input,
  Output
> {
  return constructStack<Input, Output>();
}

/** An empty stack that calls `onChange` after each change, for handlers that were resolved from it. */
export function createObservedStack(onChange: () => void): MiddlewareStack<object, object> {
  const stack = createStack();
  for (const method of CHANGING) {
    const original = stack[method] as (...args: unknown[]) => unknown;
    Object.defineProperty(stack, method, {
      value: function changeStack(...args: unknown[]): unknown {
        const result = original(...args);
        onChange();
        return result;
      },
    });
  }
  return stack;
}

/** Lets `stack.identify()` leave out what does not run. */
export function showOnly(stack: MiddlewareStack<object, object>, isShown: (name: string) => boolean): void {
  const identify = stack.identify;
  Object.defineProperty(stack, "identify", {
    value: () => identify().filter((entry) => isShown(entry.split(" ", 1)[0] ?? entry)),
  });
}

/** Lets whoever adds a layer have a name that is only kept: `giveUp` says whether it was. */
export function letGoOfNames(
  stack: MiddlewareStack<object, object>,
  giveUp: (name: string) => boolean,
): void {
  for (const method of ["add", "addRelativeTo"] as const) {
    const original = stack[method] as (middleware: unknown, options?: { name?: string }) => void;
    Object.defineProperty(stack, method, {
      value: function addLayer(middleware: unknown, options?: { name?: string }): void {
        if (options?.name !== undefined && giveUp(options.name)) stack.remove(options.name);
        original(middleware, options);
      },
    });
  }
}

/** Links the layers of a stack around `core`. It costs tens of microseconds: once per operation, not per call. */
export function resolveStack(
  stack: MiddlewareStack<object, object>,
  core: CallHandler,
  context: HandlerExecutionContext,
): CallHandler {
  const linked = withPlugIns(stack);
  // Smithy's handler type does not know the call on `args`; see `addTo` for the way in.
  const resolve = linked.resolve as (core: unknown, context: HandlerExecutionContext) => unknown;
  return resolve(core, context) as CallHandler;
}

/** A copy in which what is no layer of this package's form is run as the AWS SDK runs it. */
function withPlugIns(stack: MiddlewareStack<object, object>): MiddlewareStack<object, object> {
  const copy = createStack();
  for (const method of ["add", "addRelativeTo"] as const) {
    const original = copy[method] as (middleware: unknown, options: object) => void;
    Object.defineProperty(copy, method, {
      value(given: CallMiddleware, options: object) {
        const middleware = isLayer(given) ? given : asPlugIn(given);
        // Smithy hands its whole entry over as options, and the middleware in them counts.
        original(middleware, { ...options, middleware });
      },
    });
  }
  stack.applyToStack(copy);
  // Smithy prints it when asked to by `identifyOnResolve`.
  Object.defineProperty(copy, "identify", { value: stack.identify });
  return copy;
}
