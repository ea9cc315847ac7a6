import { callCancellationError } from "../errors/cancellation-error.ts";
import { begin } from "../layer.ts";
import { Flight } from "../resilience/flight.ts";
import type { CallArgs, CallMiddleware } from "../types.ts";

/**
 * Ends the caller's wait when its deadline or signal says so, whatever the SDK is doing. What is under way is told, and
 * ends by itself: until then it holds its permit, and its end counts for the breaker.
 */
export const waitForCall: CallMiddleware = (next) => {
  return async function waitForOneCall(args) {
    const { call } = args;
    const flight = new Flight(call.fork(), nobodyElse);
    takeOff({ ...args, call: flight.shared }, flight);
    const landing = await flight.board(call);
    call.adopt(flight.shared);
    if (landing === undefined) throw callCancellationError(call);
    if ("error" in landing) throw landing.error;
    return landing.result;
  };

  function takeOff(args: CallArgs, flight: Flight): void {
    begin(next, args).then(
      (result) => {
        flight.shared.settle(undefined);
        flight.land({ result });
      },
      (error) => {
        flight.shared.settle(error);
        flight.land({ error });
      },
    );
  }
};

/** Is on board. */
function nobodyElse(): void {}
