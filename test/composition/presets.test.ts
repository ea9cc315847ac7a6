import { expect, it } from "vitest";
import { presets } from "../../lib/presets.ts";
import { type ScriptedClient, type Settled, scriptedClient } from "../support/scripted-client.ts";

/** Makes ten calls a second for so long, and gives what became of them once they have ended. */
async function callFor({ call, clock }: ScriptedClient, ms: number, input?: { TargetModel: string }) {
  const calls: Promise<Settled>[] = [];
  for (let elapsedMs = 0; elapsedMs < ms; elapsedMs += 100) {
    calls.push(call(input));
    await clock.advance(100);
  }
  return { ends: () => Promise.all(calls) };
}

it("batch finds that a target is well again within 8 s, however long it was down", async () => {
  const test = scriptedClient([503], presets.batch);
  await callFor(test, 15_000);
  test.network.answerWith(200);
  await callFor(test, 8_000);
  const { ends } = await callFor(test, 2_000);
  expect((await ends()).every(({ ok }) => ok)).toBe(true);
});

it("lowLatency finds that a model has been loaded within 2 s, though nobody waits for it", async () => {
  const test = scriptedClient([429], presets.lowLatency);
  const model = { TargetModel: "m" };
  await callFor(test, 30_000, model);
  test.network.answerWith(200);
  await callFor(test, 2_000, model);
  const { ends } = await callFor(test, 2_000, model);
  expect((await ends()).every(({ ok }) => ok)).toBe(true);
});
