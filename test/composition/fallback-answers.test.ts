import { describe, expect, it } from "vitest";
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
} from "../../lib/commands.ts";
import type { AnswerAlternative } from "../../lib/resilience/fallback/options.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const SLOWLY = new Promise<never>(() => {});

function answeredBy(...answers: AnswerAlternative["answer"][]) {
  const alternatives = answers.map((answer) => ({ answer }));
  return scriptedClient([503], { fallback: { alternatives }, retry: false });
}

async function* parts(...texts: string[]) {
  for (const text of texts) yield text;
}

const streaming = new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "1,2" });

describe("a constant", () => {
  it.each(["0.5", Buffer.from("0.5"), new Uint8Array([0x30, 0x2e, 0x35]).buffer])(
    "is an output like the model's: %o",
    async (Body) => {
      const { call } = answeredBy({ Body, ContentType: "text/csv" });
      const { output } = await call();
      expect(output?.Body).toBeInstanceOf(Uint8Array);
      expect(output?.Body.transformToString()).toBe("0.5");
      expect(output?.ContentType).toBe("text/csv");
      expect(output?.$metadata).toEqual({
        attempts: 1,
        totalRetryDelay: 0,
        fallback: { index: 0, kind: "constant", name: "constant", reason: "serverError" },
      });
    },
  );

  it("is each caller's own, and what its owner does to the bytes afterwards changes nothing", async () => {
    const own = Buffer.from("0.5");
    const { call } = answeredBy({ Body: own });
    own[0] = 0;
    const first = (await call()).output!;
    first.Body[0] = 0;
    expect((await call()).output!.Body.transformToString()).toBe("0.5");
  });

  it("is the one part of a stream", async () => {
    const { client } = answeredBy({ Body: "sorry\n" });
    const { Body, $metadata } = await client.send(streaming);
    expect(await Body.text()).toBe("sorry\n");
    expect($metadata.fallback?.kind).toBe("constant");
  });

  it("answers the operations that it has the members of, and no others", async () => {
    const { client, call } = answeredBy({ OutputLocation: "s3://later/key" }, { Body: "0.5" });
    const enqueue = new InvokeEndpointAsyncCommand({ EndpointName: "churn", InputLocation: "s3://b/k" });
    const queued = await client.send(enqueue);
    expect(queued).toMatchObject({ OutputLocation: "s3://later/key", $metadata: { fallback: { index: 0 } } });
    expect(queued).not.toHaveProperty("Body");
    expect((await call()).output?.$metadata.fallback?.index).toBe(1);
  });
});

describe("a function", () => {
  it("is told the error, the input, and the time that is left", async () => {
    const told: unknown[] = [];
    const { call } = answeredBy(function fromCache(error, input, { remainingMs, signal }) {
      told.push(error.name, input, remainingMs, signal.aborted);
      return { Body: "cached" };
    });
    const { output } = await call({}, { callTimeoutMs: 500 });
    expect(told).toEqual(["ServiceUnavailable", { EndpointName: "churn", Body: "1,2" }, 500, false]);
    expect(output?.Body.transformToString()).toBe("cached");
    expect(output?.$metadata.fallback).toMatchObject({ kind: "function", name: "fromCache" });
  });

  it("that throws or answers nothing leaves the call to the next alternative", async () => {
    const miss = () => {
      throw new Error("miss");
    };
    const { call } = answeredBy(
      miss,
      () => undefined as never,
      () => ({ Body: 5 }) as never,
      { Body: "0.5" },
    );
    expect((await call()).output?.$metadata.fallback?.index).toBe(3);
    const failing = answeredBy(miss, () => ({ Body: { secret: "s3cret" } }) as never);
    expect((await failing.call()).error?.fallbackErrors).toMatchObject([
      { message: "miss" },
      { message: "the Body of an alternative's answer must be text or bytes, got an object (Object)" },
    ]);
  });

  it("may answer a stream part by part, as fast as it is read", async () => {
    let given = 0;
    async function* endless() {
      for (;;) yield `${++given},`.padEnd(10_000, " ");
    }
    const { client } = answeredBy(() => ({ Body: endless() }));
    const { Body } = await client.send(streaming);
    let read = 0;
    for await (const part of Body.payloads()) {
      expect(Buffer.from(part).toString()).toMatch(`${++read},`);
      if (read === 20) break;
    }
    expect(given).toBeLessThan(40);
    const stoppedAt = given;
    await settle();
    expect(given).toBeLessThanOrEqual(stoppedAt + 1);
  });

  it("is left alone by a reader who has left, even where its parts cannot be told to end", async () => {
    let given = 0;
    const endless = { next: async () => ({ done: false as const, value: `${++given}` }) };
    const { client } = answeredBy(() => ({ Body: { [Symbol.asyncIterator]: () => endless } }));
    const { Body } = await client.send(streaming);
    for await (const _ of Body.payloads()) break;
    await settle();
    const stoppedAt = given;
    await settle();
    expect(given).toBe(stoppedAt);
  });

  it("that breaks off in a stream breaks the stream", async () => {
    async function* broken() {
      yield* parts("a");
      throw new Error("lost it");
    }
    const { client } = answeredBy(() => ({ Body: broken() }));
    const { Body } = await client.send(streaming);
    await expect(Body.text()).rejects.toThrow("lost it");
  });

  it.each(["abort", "deadline", "destroy"])(
    "is not waited for after the end of the call: %s",
    async (kind) => {
      let signal: AbortSignal | undefined;
      const { call, client, clock } = answeredBy((_error, _input, context) => {
        signal = context.signal;
        return SLOWLY;
      });
      const abort = new AbortController();
      const settled = call({}, { abortSignal: abort.signal, callTimeoutMs: 1_000 });
      await clock.advance(10);
      if (kind === "abort") abort.abort();
      if (kind === "destroy") client.destroy();
      await clock.advance(1_000);
      const { error } = await settled;
      expect(error?.name).toBe(kind === "deadline" ? "TimeoutError" : "AbortError");
      if (kind !== "abort") expect(error?.cause).toMatchObject({ name: "ServiceUnavailable" });
      expect(signal?.aborted).toBe(true);
      expect(clock.pendingTimers).toBe(0);
    },
  );
});

describe("nothing is asked", () => {
  it("once the time is up, even before the timer has said so", async () => {
    class LateClock extends FakeClock {
      late = 0;
      override now(): number {
        return super.now() + this.late;
      }
    }
    const clock = new LateClock();
    const blocking = () => {
      clock.late = 200;
      throw new Error("took too long");
    };
    const alternatives = [{ answer: blocking }, { answer: { Body: "0.5" } }];
    const { call } = scriptedClient([503], { clock, fallback: { alternatives }, retry: false });
    const { error } = await call({}, { callTimeoutMs: 100 });
    expect(error).toMatchObject({
      name: "ServiceUnavailable",
      fallbackErrors: [{ message: "took too long" }],
    });
  });

  it("after the deadline, not even a constant", async () => {
    const { call, network, clock } = answeredBy({ Body: "0.5" });
    network.answerWith("silence");
    const settled = call({}, { callTimeoutMs: 100 });
    await clock.advance(100);
    expect((await settled).error).toMatchObject({ name: "TimeoutError", clock: "call" });
  });

  it("after the caller's abort", async () => {
    const { client, network, clock } = answeredBy({ Body: "0.5" });
    network.answerWith("silence");
    const abort = new AbortController();
    const command = new InvokeEndpointCommand({ EndpointName: "churn", Body: "1" });
    const settled = client.send(command, { abortSignal: abort.signal }).catch((error: Error) => error.name);
    await clock.advance(1);
    abort.abort();
    expect(await settled).toBe("AbortError");
  });
});
