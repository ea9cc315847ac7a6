import type { Socket } from "node:net";
import { afterWholePoll } from "../whole-poll.ts";

/**
 * Has a socket that fails to write read what has come before it is destroyed for that. A server that answers early, as
 * with 413, may close with the rest of the request unread: that resets the connection, and the next write fails while
 * the answer is here. Node destroys a socket at once.
 */
export function readBeforeWriteFails(socket: Socket): void {
  const destroy = socket.destroy;
  socket.destroy = (error) => {
    if (!isWriteFailure(error)) return destroy.call(socket, error);
    afterWholePoll({ onPolled: () => void destroy.call(socket, error) });
    return socket;
  };
}

function isWriteFailure(error: Error | undefined): boolean {
  return error !== undefined && "syscall" in error && error.syscall === "write";
}
