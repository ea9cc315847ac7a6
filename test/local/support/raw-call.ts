import { connect } from "node:net";
import { signedHeaders } from "./signed-request.ts";

/** Sends one signed call on a bare socket and records what comes back. */
export async function rawCall(url: string, path = "/endpoints/churn/invocations") {
  const headers = await signedHeaders(url, { path, body: "x" });
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  const chunks: Buffer[] = [];
  let error: NodeJS.ErrnoException | undefined;
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", (caught) => {
    error = caught;
  });
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.write(`POST ${path} HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\nx`);
  const received = () => Buffer.concat(chunks).toString("latin1");
  return { socket, closed, received, error: () => error?.code };
}

/** What follows the head of an answer. */
export const bodyOf = (received: string) => received.slice(received.indexOf("\r\n\r\n") + 4);
