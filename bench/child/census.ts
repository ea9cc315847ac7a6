import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type EventEmitter, getEventListeners } from "node:events";
import type { Socket } from "node:net";

/** What a process holds on to beyond its memory. */
export interface Counts {
  /** Open client sockets. */
  readonly sockets: number;
  /** On those sockets, on the process, and on the signal that every call was given. */
  readonly listeners: number;
  /** Timers that keep the process alive. */
  readonly timers: number;
}

const SOCKETS_CHANNEL = "net.client.socket";

/** Counts what a client leaves behind. Make it before the client: it sees the sockets that are opened from then on. */
export class Census {
  readonly #signal: AbortSignal;
  readonly #sockets = new Set<Socket>();
  readonly #onSocket = (message: unknown) => {
    this.#sockets.add((message as { socket: Socket }).socket);
  };

  /** @param signal - passed to every call */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    subscribe(SOCKETS_CHANNEL, this.#onSocket);
  }

  take(): Counts {
    let listeners = listenersOf(process) + getEventListeners(this.#signal, "abort").length;
    for (const socket of this.#sockets) {
      if (socket.destroyed) this.#sockets.delete(socket);
      else listeners += listenersOf(socket);
    }
    const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    return { sockets: this.#sockets.size, listeners, timers };
  }

  end(): void {
    unsubscribe(SOCKETS_CHANNEL, this.#onSocket);
  }
}

function listenersOf(emitter: EventEmitter): number {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}
