import type { Socket } from "node:net";

/** The sockets of the server, and the requests that are being served on them. */
export class Connections {
  #open = new Set<Socket>();
  #stale = new WeakSet<Socket>();
  #serving = new Set<Promise<void>>();
  #opened = 0;

  add(socket: Socket): void {
    this.#opened++;
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
  }

  /** The next request on the socket is to find it closed. */
  markStale(socket: Socket): void {
    this.#stale.add(socket);
  }

  isStale(socket: Socket): boolean {
    return this.#stale.has(socket);
  }

  /** Follows the serving of a request; a failure that nobody answered ends its connection. */
  serve(socket: Socket, work: Promise<void>): void {
    const served = work.catch(() => socket.destroy()).then(() => void this.#serving.delete(served));
    this.#serving.add(served);
  }

  /** Settles when no request is being served. */
  async served(): Promise<void> {
    await Promise.all(this.#serving);
  }

  /** Destroys every socket, and settles when they are closed. */
  async destroyAll(): Promise<void> {
    const closed = [...this.#open].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    for (const socket of this.#open) socket.destroy();
    await Promise.all(closed);
  }

  counts(): { opened: number; open: number } {
    return { opened: this.#opened, open: this.#open.size };
  }
}
