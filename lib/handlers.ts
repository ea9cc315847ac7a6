import type { HandlerExecutionContext, MiddlewareStack } from "@smithy/types";
import { NO_LOG } from "./no-log.ts";
import type { Operation } from "./operations/operation.ts";
import { resolveStack } from "./stack.ts";
import type { CallHandler } from "./types.ts";

/** A command, whatever it takes and gives. */
export interface AnyCommand {
  readonly operation: Operation;
  readonly input: object;
  readonly ownStack: unknown;
}

/** What the calls of a client run: the stack, linked once per operation and again after it has changed. */
export class Handlers {
  readonly #stack: MiddlewareStack<object, object>;
  readonly #core: CallHandler;
  readonly #linked = new Map<Operation, CallHandler>();

  constructor(stack: MiddlewareStack<object, object>, core: CallHandler) {
    this.#stack = stack;
    this.#core = core;
  }

  /** Of a command with layers of its own, one for this call alone. */
  of({ operation, ownStack }: AnyCommand): CallHandler {
    if (ownStack !== undefined) {
      return this.#link(this.#stack.concat(ownStack as MiddlewareStack<object, object>), operation);
    }
    let handler = this.#linked.get(operation);
    if (handler === undefined) {
      handler = this.#link(this.#stack, operation);
      this.#linked.set(operation, handler);
    }
    return handler;
  }

  /** To be called when the stack, or what its layers resolve to, has changed. */
  forget(): void {
    this.#linked.clear();
  }

  #link(stack: MiddlewareStack<object, object>, operation: Operation): CallHandler {
    return resolveStack(stack, this.#core, contextFor(operation));
  }
}

/** What plug-ins of the AWS SDK find in the context. */
function contextFor({ name, maskInput, maskOutput }: Operation): HandlerExecutionContext {
  return {
    clientName: "SageMakerRuntimeClient",
    commandName: `${name}Command`,
    logger: NO_LOG,
    inputFilterSensitiveLog: maskInput,
    outputFilterSensitiveLog: maskOutput,
  };
}
