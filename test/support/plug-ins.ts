import type { HandlerExecutionContext } from "@smithy/types";
import type { BothClients, BothResults } from "./both-clients.ts";

/** What plug-ins of the AWS SDK find on `args`. */
export interface Args {
  readonly input: object;
  readonly request?: { readonly headers: Record<string, string> };
}

export interface Result {
  readonly output?: unknown;
  readonly response?: { readonly statusCode?: number };
}

/** A middleware as users of the AWS SDK write them. */
export type PlugIn = (
  next: (args: Args) => Promise<Result>,
  context: HandlerExecutionContext,
) => (args: Args) => Promise<Result>;

/** Which of the two clients. */
export type Whose = "their" | "our";

/** The part of both clients' stacks that plug-ins use. */
interface Stack {
  add(plugIn: PlugIn, place?: object): void;
  addRelativeTo(plugIn: PlugIn, place: object): void;
  remove(name: string): boolean;
}

/** The stack of a client, of either package, for plug-ins in this form. */
export function stackOf(client: { readonly middlewareStack: unknown }): Stack {
  return client.middlewareStack as Stack;
}

/** Adds a plug-in at a step, or next to another layer. */
export function addPlugIn(
  client: { readonly middlewareStack: unknown },
  plugIn: PlugIn,
  place: object,
): void {
  stackOf(client)["relation" in place ? "addRelativeTo" : "add"](plugIn, { ...place, name: "plugIn" });
}

/** One call by each client, with the plug-in that `make` makes for it in that place. */
export async function sendWith(
  both: BothClients,
  place: object,
  make: (whose: Whose) => PlugIn,
  [operation, input]: Parameters<BothClients["send"]> = ["InvokeEndpoint", { EndpointName: "ep", Body: "x" }],
): Promise<BothResults> {
  addPlugIn(both.theirs, make("their"), place);
  addPlugIn(both.ours, make("our"), place);
  const results = await both.send(operation, input);
  stackOf(both.theirs).remove("plugIn");
  stackOf(both.ours).remove("plugIn");
  return results;
}
