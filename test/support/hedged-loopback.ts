import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import { answers, part, STREAM_END, STREAM_HEAD, sends } from "./behaviours.ts";
import type { FaultyServer, Script } from "./faulty-server.ts";
import { type LoopbackClient, loopback } from "./loopback-client.ts";

const SAMPLES = 8;
const SLOW_AFTER_MS = 50;

/** A client that hedges what takes longer than `slowAfterMs`, on a connection that it has used already. */
export interface HedgedLoopback {
  readonly server: FaultyServer;
  readonly caller: LoopbackClient;
  readonly slowAfterMs: number;
}

/** A scripted server on a real socket, and a client that knows it to answer at once. */
export async function hedgedLoopback(
  script: Script,
  config: SageMakerRuntimeClientConfig = {},
): Promise<HedgedLoopback> {
  const answersAll: Script = ({ path }) =>
    path.endsWith("-stream") ? sends(STREAM_HEAD, part("x"), STREAM_END) : answers();
  const { server, caller } = await loopback(answersAll, {
    hedge: { minimumSamples: SAMPLES, maxExtraLoad: 0.5, minDelayMs: SLOW_AFTER_MS },
    ...config,
  });
  for (let i = 0; i < SAMPLES; i++) {
    await caller.invoke();
    await (await caller.stream()).Body.text();
  }
  server.requests.splice(0);
  server.play(script);
  return { server, caller, slowAfterMs: SLOW_AFTER_MS };
}
