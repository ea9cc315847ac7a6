import type { Answer, SimulatedRequest } from "../fleet/request.ts";
import type { World } from "./policy.ts";

/** An attempt that was not answered well, as a client without types of its own sees it. */
export class AttemptFailed extends Error {
  override readonly name = "AttemptFailed";
  readonly answer: Answer | "timeout";

  constructor(answer: Answer | "timeout") {
    super(answer === "timeout" ? "no answer in time" : answer.kind);
    this.answer = answer;
  }
}

/**
 * One attempt of a peer, without anything around it.
 *
 * @throws {AttemptFailed} for any end but a good answer; with `signal`, when that aborts
 */
export function attemptOn({ network }: World, request: SimulatedRequest, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new AttemptFailed("timeout")), { once: true });
    network.send(request, undefined, (answer) => {
      if (answer.kind === "answered" && answer.status < 300) resolve();
      else reject(new AttemptFailed(answer));
    });
  });
}

/** One attempt of a peer that gives up by itself. */
export function timedAttemptOn(world: World, request: SimulatedRequest): Promise<void> {
  const { clock, attemptTimeoutMs } = world;
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => reject(new AttemptFailed("timeout")), attemptTimeoutMs, undefined);
    world.network.send(request, undefined, (answer) => {
      clock.clearTimeout(timer);
      if (answer.kind === "answered" && answer.status < 300) resolve();
      else reject(new AttemptFailed(answer));
    });
  });
}
