import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { Census } from "../../../bench/child/census.ts";

describe("a census", () => {
  it("counts sockets and their listeners while they are open", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const census = new Census(new AbortController().signal);
    const before = census.take();
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    await once(socket, "connect");
    const open = census.take();
    expect(open.sockets).toBe(before.sockets + 1);
    socket.on("data", () => {});
    expect(census.take().listeners).toBe(open.listeners + 1);
    socket.destroy();
    expect(census.take()).toMatchObject({ sockets: before.sockets, listeners: before.listeners });
    census.end();
    server.close();
  });

  it("counts listeners on the signal and on the process, and timers", () => {
    const { signal } = new AbortController();
    const census = new Census(signal);
    const before = census.take();
    const listener = () => {};
    signal.addEventListener("abort", listener);
    process.on("SIGUSR2", listener);
    const timer = setTimeout(listener, 60_000);
    const after = census.take();
    expect(after.listeners).toBe(before.listeners + 2);
    expect(after.timers).toBe(before.timers + 1);
    clearTimeout(timer);
    process.off("SIGUSR2", listener);
    census.end();
  });
});
