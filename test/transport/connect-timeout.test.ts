import { once } from "node:events";
import { connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../lib/clock.ts";
import { ConnectTimeout } from "../../lib/transport/connect-timeout.ts";
import { answers } from "../support/behaviours.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { loopback } from "../support/loopback-client.ts";
import { standStill } from "../support/stand-still.ts";

/** A socket that connects to a server of this test's. */
async function openSocket() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as { port: number }).port, "127.0.0.1");
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  return socket.on("error", () => {});
}

describe("the time that a connection may take to be made", () => {
  it("is up to the millisecond, in whatever parts it is counted", async () => {
    for (const connectMs of [1, 2, 50, 999, 1_000]) {
      const [clock, socket] = [new FakeClock(), await openSocket()];
      new ConnectTimeout(socket, connectMs, clock);
      await clock.advance(connectMs - 1);
      expect(socket.destroyed).toBe(false);
      await clock.advance(1);
      expect(socket.destroyed).toBe(true);
    }
  });

  it("is not up for a socket whose connection lies there, ready to be noticed", async () => {
    const [clock, socket] = [new FakeClock(), await openSocket()];
    const timeout = new ConnectTimeout(socket, 1_000, clock);
    await clock.advance(999);
    // The clock lets one turn pass, moves on, and in the turn after that the connection is noticed.
    setImmediate(() => setImmediate(() => timeout.stop()));
    await clock.advance(1);
    expect([socket.destroyed, clock.pendingTimers]).toEqual([false, 0]);
  });

  it("goes on where the event loop stands still for all of it", async () => {
    const config = { timeouts: { connectMs: 200 }, retry: false, clock: systemClock } as const;
    const { caller } = await loopback([answers()], config);
    const call = caller.invoke();
    standStill(300);
    expect((await call).$metadata.attempts).toBe(1);
  });
});
