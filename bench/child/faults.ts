import { once } from "node:events";
import type { Target } from "../client.ts";
import type { OpenFaultClient } from "../faults/client.ts";
import { lengthMs, type Scenario } from "../faults/scenario.ts";
import type { TaskMessage } from "./answer-task.ts";
import { openClient, requestBody } from "./opened.ts";

export interface FaultsInput {
  readonly clientUrl: string;
  readonly target: Target;
  readonly scenario: Scenario;
}

export interface FaultsSample {
  /** Of each call, in the order in which they were due: whether it was answered within its caller's patience. */
  readonly answered: readonly boolean[];
  /** How late the latest call was started, in milliseconds: the process itself must not be what fails. */
  readonly lagMs: number;
}

/** What the process sends: that it is warm, and after a "begin" what became of the calls. */
export type FaultsMessage = "warm" | TaskMessage<FaultsSample>;

const REQUEST_BYTES = 256;
const WARM_MODEL = "warm.tar.gz";
/** At the scenario's rate: code is compiled, connections are open, quantiles and budgets have seen traffic. */
const WARM_UP_MS = 1_500;
const TICK_MS = 2;

process.on("disconnect", () => process.exit());
const input = JSON.parse(process.argv[2] ?? "{}") as FaultsInput;
const client = await openClient<OpenFaultClient>(input.clientUrl, input.target);
const { scenario } = input;
await runLoad({ ...scenario, ...(scenario.targetModel && { targetModel: WARM_MODEL }) }, WARM_UP_MS);
process.send!("warm" satisfies FaultsMessage);
await once(process, "message");
const sample = await runLoad(scenario, lengthMs(scenario));
process.send!({ sample } satisfies FaultsMessage);

/** Makes the calls that are due, and resolves when the last one's caller has an answer or is gone. */
async function runLoad(
  { ratePerSecond, patienceMs, targetModel }: Scenario,
  durationMs: number,
): Promise<FaultsSample> {
  const body = requestBody({ requestBytes: REQUEST_BYTES });
  const total = Math.round((durationMs * ratePerSecond) / 1_000);
  const answered: boolean[] = new Array(total).fill(false);
  const pending: Promise<void>[] = [];
  let lagMs = 0;
  const startedAt = performance.now();
  const call = async (index: number, dueAt: number): Promise<void> => {
    try {
      await client.call(body, { patienceMs, targetModel });
      answered[index] = performance.now() - dueAt <= patienceMs;
    } catch {
      // Lost, for whatever reason: it stays unanswered.
    }
  };
  while (pending.length < total) {
    const now = performance.now();
    for (;;) {
      const dueAt = startedAt + (pending.length * 1_000) / ratePerSecond;
      if (dueAt > now || pending.length === total) break;
      lagMs = Math.max(lagMs, now - dueAt);
      pending.push(call(pending.length, dueAt));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(pending);
  return { answered, lagMs };
}
