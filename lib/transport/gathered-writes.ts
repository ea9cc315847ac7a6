import type { Writable } from "node:stream";

/** What is longer is written in pieces, as it comes. Up to here, Node cuts memory from a pool of its own. */
const MAX_BYTES = 4_095;

type Write = (chunk: string | Uint8Array, ...rest: unknown[]) => boolean;

/**
 * Lets the head and the payload of a request leave in one piece, where they are short. undici writes the two between
 * `cork` and `uncork`, for which Node queues them and hands the system a list of two: that is dearer than the copy.
 */
export function gatherWrites(socket: Writable): void {
  const cork = socket.cork.bind(socket);
  const uncork = socket.uncork.bind(socket);
  const write = socket.write.bind(socket) as Write;
  let isGathering = false;
  let head: string | undefined;

  function writeCorked(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    if (!isGathering) return write(chunk, ...rest);
    if (head === undefined && isHead(chunk, rest)) {
      head = chunk;
      return true;
    }
    isGathering = false;
    if (head !== undefined && isShort(head, chunk, rest)) return writeWhole(chunk);
    cork();
    writeHead();
    return write(chunk, ...rest);
  }

  function writeHead(): void {
    if (head !== undefined) write(head, "latin1");
    head = undefined;
  }

  function writeWhole(payload: Uint8Array): boolean {
    const whole = Buffer.allocUnsafe(head!.length + payload.byteLength);
    whole.set(payload, whole.write(head!, "latin1"));
    head = undefined;
    return write(whole);
  }

  Object.assign(socket, {
    cork() {
      isGathering = true;
    },
    uncork() {
      isGathering = false;
      writeHead();
      uncork();
    },
    write: writeCorked,
  });
}

function isHead(chunk: string | Uint8Array, rest: readonly unknown[]): chunk is string {
  return typeof chunk === "string" && rest.length === 1 && rest[0] === "latin1";
}

function isShort(head: string, chunk: string | Uint8Array, rest: readonly unknown[]): chunk is Uint8Array {
  return typeof chunk !== "string" && rest.length === 0 && head.length + chunk.byteLength <= MAX_BYTES;
}
