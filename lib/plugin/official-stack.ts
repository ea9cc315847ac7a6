import type { MiddlewareStack, Priority, Step } from "@smithy/types";
import type { Layer } from "../types.ts";

/** Of the layer that stands for all of the plug-in's. */
export const PLUGIN_NAME = "resilience";
export const RETRY_NAME = "retryMiddleware";
export const SIGNING_NAME = "httpSigningMiddleware";

/** @throws {TypeError} for a stack that has the plug-in already, or that is no client's of the AWS SDK */
export function checkStack<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
): void {
  // The first word: aliases follow, and the place.
  const names = stack.identify().map((entry) => entry.split(" ", 1)[0]);
  if (names.includes(PLUGIN_NAME)) {
    throw new TypeError("resilience() is in this stack already: use it once, with all of its options");
  }
  for (const name of [RETRY_NAME, SIGNING_NAME]) {
    if (names.includes(name)) continue;
    throw new TypeError(
      `resilience() goes into client.middlewareStack of a client of the AWS SDK: this stack has no ${name}`,
    );
  }
}

/** A middleware of a stack, and where it stands. */
interface Entry {
  readonly middleware: unknown;
  readonly name?: string;
  readonly step?: Step;
  readonly priority?: Priority;
}

/** The parts of a stack that move its entries. */
interface Entries {
  add(middleware: unknown, place: Entry): void;
  remove(nameOrMiddleware: unknown): boolean;
}

/**
 * Puts `layer` in the place of the SDK's own retry. Smithy sorts what is added to one step by the order of adding, so what
 * stood behind is added once more: it goes on to run at each attempt.
 */
export function replaceRetry<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  layer: Layer,
): void {
  const entries = stack as unknown as Entries;
  const all = entriesOf(stack);
  const { step, priority } = all.find(({ name }) => name === RETRY_NAME) ?? {};
  const peers = all.filter((entry) => entry.step === step && entry.priority === priority);
  const behind = peers.slice(peers.findIndex(({ name }) => name === RETRY_NAME) + 1);
  entries.remove(RETRY_NAME);
  layer.applyToStack(stack);
  for (const entry of behind) {
    entries.remove(entry.middleware);
    entries.add(entry.middleware, entry);
  }
}

/** Those with a step of their own, in the order of adding. */
function entriesOf<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
): Entry[] {
  const found: Entry[] = [];
  // A cast: of the stack that it is copied to, a stack needs no more than the ways in.
  stack.applyToStack({
    add: (_middleware: unknown, entry: Entry) => found.push(entry),
    addRelativeTo() {},
  } as unknown as MiddlewareStack<Input, Output>);
  return found;
}
