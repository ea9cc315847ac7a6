import type { SendOptions } from "../../lib/send-options.ts";
import { answers, http, sends, silence, unavailable } from "./behaviours.ts";
import { deferred } from "./deferred.ts";
import { settle } from "./fake-clock.ts";
import { FaultyServer } from "./faulty-server.ts";
import { hedgedLoopback } from "./hedged-loopback.ts";
import { type CallError, failureOf, LoopbackClient, loopback } from "./loopback-client.ts";

/** A call that has come to some state and stays there while the clock stands still. */
export interface CallInState {
  readonly server: FaultyServer;
  readonly caller: LoopbackClient;
  /** What getting there took of the call's time, in milliseconds. */
  readonly enteredAfterMs?: number;
  /** What the call ends with. */
  readonly failure: Promise<CallError>;
  /** Connections, and timers that hold the process, that are not of this call. */
  readonly others: { readonly sockets: number; readonly timers: number };
  /** How much later its connection is closed than it ends, in milliseconds. */
  readonly lingersMs?: number;
  /** Resolves once a further call got the only connection that the client may have. */
  nextCallGoesOn(): Promise<void>;
}

const NO_OTHERS = { sockets: 0, timers: 0 };

/** Every state that a call can wait in, by name: starts a call with `options` and resolves once it is there. */
export const CALL_STATES: Readonly<Record<string, (options: SendOptions) => Promise<CallInState>>> = {
  async "waiting for credentials"(options) {
    let asked = 0;
    const credentials = () => {
      asked++;
      return new Promise<never>(() => {});
    };
    const { server, caller } = await loopback([answers()], { maxSockets: 1, credentials });
    const failure = failureOf(caller.invoke(options));
    await turns(3);
    if (asked !== 1) throw new Error("the provider was not asked");
    return { server, caller, failure, others: NO_OTHERS, nextCallGoesOn: async () => {} };
  },

  async "queued for a permit"(options) {
    const concurrencyLimit = { algorithm: "fixed", initial: 1, queueTimeoutMs: 1_000_000 } as const;
    const { server, caller } = await loopback([silence, answers()], { concurrencyLimit });
    const first = caller.invoke();
    // Tests that destroy the client end this one as well.
    first.catch(() => {});
    await server.received(1);
    const failure = failureOf(caller.invoke(options));
    await turns(3);
    const nextCallGoesOn = async () => {
      answers()(server.requests[0]!);
      await Promise.all([first, caller.invoke()]);
    };
    return { server, caller, failure, others: { sockets: 1, timers: 1 }, nextCallGoesOn };
  },

  async "queued for a connection"(options) {
    const { server, caller } = await loopback([silence, answers()], { maxSockets: 1 });
    const first = caller.invoke();
    // Tests that destroy the client end this one as well.
    first.catch(() => {});
    await server.received(1);
    const failure = failureOf(caller.invoke(options));
    await turns(3);
    const nextCallGoesOn = async () => {
      answers()(server.requests[0]!);
      await Promise.all([first, caller.invoke()]);
      // Not even the connection that it would have got.
      if (server.connections !== 1) throw new Error("the idle connection was closed");
    };
    return { server, caller, failure, others: { sockets: 1, timers: 1 }, nextCallGoesOn };
  },

  async connecting(options) {
    const server = await FaultyServer.start([silence]);
    const caller = new LoopbackClient(server.deafUrl, { maxSockets: 1, timeouts: { connectMs: 60_000 } });
    // Somebody else may want what is being made.
    const lingersMs = 1_000;
    const failure = failureOf(caller.invoke(options));
    await server.until(() => server.connections === 1);
    const nextCallGoesOn = async () => {
      void failureOf(caller.invoke());
      await caller.clock.advance(lingersMs);
      await server.until(() => server.connections === 2);
    };
    return { server, caller, failure, others: NO_OTHERS, lingersMs, nextCallGoesOn };
  },

  async "waiting for the answer"(options) {
    const { server, caller } = await loopback([silence, answers()], { maxSockets: 1 });
    const failure = failureOf(caller.invoke(options));
    await server.received(1);
    return { server, caller, failure, others: NO_OTHERS, nextCallGoesOn: () => nextIsAnswered(caller) };
  },

  async "waiting for the answers of two attempts at once"(options) {
    const { server, caller, slowAfterMs } = await hedgedLoopback([silence, silence, answers()], {
      maxSockets: 2,
    });
    const failure = failureOf(caller.invoke(options));
    await server.received(1);
    await caller.clock.advance(slowAfterMs);
    await server.received(2);
    const nextCallGoesOn = () => nextIsAnswered(caller);
    return { server, caller, failure, others: NO_OTHERS, enteredAfterMs: slowAfterMs, nextCallGoesOn };
  },

  async "inside the body of the answer"(options) {
    const half = sends(http({ body: "half", length: 8 }));
    const { server, caller } = await loopback([half, answers()], { maxSockets: 1 });
    const failure = failureOf(caller.invoke(options));
    await server.received(1);
    await turns(5);
    return { server, caller, failure, others: NO_OTHERS, nextCallGoesOn: () => nextIsAnswered(caller) };
  },

  async "waiting to try again"(options) {
    const server = await FaultyServer.start([unavailable, answers()]);
    const isWaiting = deferred();
    const backoff = {
      next() {
        isWaiting.resolve();
        return { duration: 50_000, next: this.next };
      },
    };
    const caller = new LoopbackClient(server.url, { maxSockets: 1, retry: { backoff } });
    const failure = failureOf(caller.invoke(options));
    await isWaiting.promise;
    await turns(3);
    const others = { sockets: 1, timers: 0 };
    return { server, caller, failure, others, nextCallGoesOn: () => nextIsAnswered(caller) };
  },
};

async function nextIsAnswered(caller: LoopbackClient): Promise<void> {
  await caller.invoke();
}

/** Lets the event loop turn. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await settle();
}
