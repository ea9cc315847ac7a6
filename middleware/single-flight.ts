import { callCancellationError } from "../lib/errors/cancellation-error.ts";
import type { HttpRequest } from "../lib/http.ts";
import { layer } from "../lib/layer.ts";
import { ResponseBytes } from "../lib/protocol/response-bytes.ts";
import { Flight, FlightTime, type Landing, mayFlyAgain } from "../lib/resilience/flight.ts";
import { flightKeyOf, isShareable } from "../lib/resilience/flight-key.ts";
import { Keyed } from "../lib/resilience/keyed.ts";
import type { Target } from "../lib/target.ts";
import type { CallArgs, CallHandler, CallResult, Layer } from "../lib/types.ts";

/** Targets whose usual time is known at once; beyond it, that of the least recently used is forgotten. */
const MAX_TARGETS = 1_024;

/**
 * Lets identical calls that are made at the same time share one invocation: the same path, headers and payload. Each
 * caller keeps its own deadline and signal, and gets its own copy of the answer; one that gives up ends the
 * invocation only where nobody else waits for it, and whoever comes afterwards begins anew, as does who comes when it has
 * taken four times as long as is usual for its target, and then twice as long each time. Errors are shared as well, but
 * for an attempt or a socket that was silent for too long: who came later than its first caller shares one more invocation.
 * Calls of another `priority` or `requestTimeout` are not the same, nor are those that wait otherwise for a loading model
 * before they fall back.
 *
 * It is for models that answer the same when asked the same. Streams, asynchronous calls and calls of a
 * session are never shared. Place it inside `serialize` and outside `retry`.
 */
export function singleFlight(): Layer {
  const times = new Keyed<FlightTime>(MAX_TARGETS);
  return layer({ name: "singleFlight", step: "finalizeRequest" }, (next) => {
    const flights = new Map<string, Flight>();
    return async function singleFlightCall(args) {
      if (!isShareable(args)) return next(args);
      const { call } = args;
      const key = flightKeyOf(args);
      let joined = boardable(key);
      let landing = await travel(args, key, joined);
      if (joined !== undefined && call.cancelled === undefined && mayFlyAgain(call, landing)) {
        joined = boardable(key);
        landing = await travel(args, key, joined);
      }
      if (landing === undefined) throw callCancellationError(call);
      if ("error" in landing) throw landing.error;
      return joined === undefined ? landing.result : copyOf(landing.result);
    };

    function boardable(key: string): Flight | undefined {
      const flight = flights.get(key);
      return flight?.isLate === false ? flight : undefined;
    }

    function timeTo({ key }: Target): FlightTime {
      return times.get(key) ?? times.add(key, new FlightTime());
    }

    async function travel(
      args: CallArgs & { request: HttpRequest },
      key: string,
      joined: Flight | undefined,
    ): Promise<Landing | undefined> {
      const flight = joined ?? takeOff(flights, key, args, next, timeTo(args.call.target));
      const landing = await flight.board(args.call);
      args.call.adopt(flight.shared);
      return landing;
    }
  });
}

function takeOff(
  flights: Map<string, Flight>,
  key: string,
  { input, request, call }: CallArgs,
  next: CallHandler,
  time: FlightTime,
): Flight {
  const late = flights.get(key);
  const shared = call.fork();
  const close = () => {
    if (flights.get(key) === flight) flights.delete(key);
  };
  const flight = new Flight(
    shared,
    close,
    late === undefined ? time.boardableForMs : 2 * late.boardableForMs,
  );
  flights.set(key, flight);
  // From here on whoever comes begins anew: what has landed is an answer of before.
  const land = (landing: Parameters<Flight["land"]>[0]) => {
    close();
    flight.land(landing);
  };
  invoke().then(
    (result) => {
      time.answered(flight.ageMs);
      land({ result });
    },
    (error: unknown) => land({ error }),
  );
  return flight;

  async function invoke(): Promise<CallResult> {
    try {
      const result = await next({ input, request, call: shared, attempt: undefined });
      shared.settle(undefined);
      return result;
    } catch (error) {
      shared.settle(error);
      throw error;
    }
  }
}

/** Callers may change what they get. */
function copyOf({ response, output }: CallResult): CallResult {
  if (output === undefined) return { response, output };
  const copy = { ...output, $metadata: { ...output.$metadata } };
  if ("Body" in copy && copy.Body instanceof Uint8Array) copy.Body = ResponseBytes.over(copy.Body.slice());
  return { response, output: copy };
}
