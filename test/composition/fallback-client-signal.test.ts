import { getEventListeners } from "node:events";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { InvokeEndpointWithResponseStreamCommand } from "../../lib/commands.ts";
import type { AnswerAlternative, FallbackClient } from "../../lib/resilience/fallback/options.ts";
import type { OutputWithMetadata } from "../../lib/types.ts";
import { part, STREAM_END, STREAM_HEAD, sends } from "../support/behaviours.ts";
import { failureOf, loopback } from "../support/loopback-client.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const streaming = new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "1" });
const whole = sends(STREAM_HEAD, part("b"), STREAM_END);

/** A client that loses each call to another one. */
function losing(client: FallbackClient) {
  return scriptedClient([503], {
    retry: false,
    circuitBreaker: false,
    fallback: { alternatives: [{ client }] },
  });
}

/** A client that loses each call, and has it answered by a function. */
function answeredBy(answer: AnswerAlternative["answer"]) {
  return scriptedClient([503], {
    retry: false,
    circuitBreaker: false,
    fallback: { alternatives: [{ answer }] },
  });
}

/** A signal that may serve for many calls, and how many listen to it. */
function longLived() {
  const controller = new AbortController();
  const { signal } = controller;
  return { controller, signal, listeners: () => getEventListeners(signal, "abort").length };
}

describe("the caller's signal and another client", () => {
  it("keeps nothing of a call that is over", async () => {
    const any = vi.spyOn(AbortSignal, "any");
    onTestFinished(() => any.mockRestore());
    const { signal, listeners } = longLived();
    const { call } = losing(scriptedClient([200]).client);
    for (let count = 0; count < 3; count++) expect((await call({}, { abortSignal: signal })).ok).toBe(true);
    expect(listeners()).toBe(0);
    // On Node 20, a signal keeps a reference to each one that was made to follow it.
    expect(any).not.toHaveBeenCalled();
  });
});

describe("a stream that a function answers", () => {
  it("is to end with the caller's signal: the function's own fires, for its reason, until the stream has ended", async () => {
    const theirs: AbortSignal[] = [];
    const { client } = answeredBy((_error, _input, { signal }) => {
      theirs.push(signal);
      return { Body: (async function* () {})() };
    });
    const { controller, signal, listeners } = longLived();
    const [first, second] = [
      await client.send(streaming, { abortSignal: signal }),
      await client.send(streaming, { abortSignal: signal }),
    ];
    expect(await first.Body.text()).toBe("");
    expect(listeners()).toBe(1);
    controller.abort("enough");
    expect(theirs.map(({ reason }) => reason)).toEqual([undefined, "enough"]);
    second.Body.cancel();
    expect(listeners()).toBe(0);
  });
});

describe("a stream that another client answers", () => {
  it("is read as it comes, and ends with the caller's signal and for its reason", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a")), whole]);
    const { client } = losing(caller.client);
    const { controller, signal } = longLived();
    const { Body, $metadata } = await client.send(streaming, { abortSignal: signal });
    expect($metadata.fallback?.kind).toBe("client");
    const reading = failureOf(Body.text());
    await server.until(() => server.connections === 1);
    const reason = new Error("user left");
    controller.abort(reason);
    expect(await reading).toMatchObject({ name: "AbortError", cause: reason });
    const next = await client.send(streaming);
    expect(await next.Body.text()).toBe("b");
  });

  it("is listened for as long as it goes on, by one listener for all that have the signal", async () => {
    const { caller } = await loopback([whole]);
    const { client } = losing(caller.client);
    const { signal, listeners } = longLived();
    const send = () => client.send(streaming, { abortSignal: signal });
    const [first, second] = [await send(), await send()];
    expect(listeners()).toBe(1);
    expect(await first.Body.text()).toBe("b");
    expect(listeners()).toBe(1);
    second.Body.cancel();
    expect(listeners()).toBe(0);
  });

  it("may be none of this package's: the signal of its call fires with the caller's, for its reason", async () => {
    let theirs: AbortSignal | undefined;
    const { client } = losing({
      async send(_command, options) {
        theirs = options?.abortSignal;
        return { $metadata: {}, Body: (async function* () {})() } as OutputWithMetadata;
      },
    });
    const { controller, signal } = longLived();
    const { Body } = await client.send(streaming, { abortSignal: signal });
    expect([Body === undefined, theirs?.aborted]).toEqual([false, false]);
    controller.abort("enough");
    expect(theirs?.reason).toBe("enough");
  });
});
