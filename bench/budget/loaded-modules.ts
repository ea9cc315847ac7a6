import { createRequire, register } from "node:module";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import type { CountingMessage } from "./counting-task.ts";

/** Tells each file that the module loader loads. It runs in the loader's own thread, hence as text. */
const HOOKS = `
  let port;
  export function initialize(data) { port = data.port; }
  export async function load(url, context, nextLoad) {
    const result = await nextLoad(url, context);
    if (url.startsWith("file:") && result.format === "module") port.postMessage(url);
    return result;
  }
`;

process.on("disconnect", () => process.exit());
const { port1, port2 } = new MessageChannel();
register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, {
  data: { port: port2 },
  transferList: [port2],
});
await import("holdfast");
// The hook posts a file before it hands it over, so that all messages are there by now.
const modules = new Set<string>();
for (let received = receiveMessageOnPort(port1); received; received = receiveMessageOnPort(port1)) {
  modules.add(received.message as string);
}
port1.close();
const files = Object.keys(createRequire(import.meta.url).cache);
const message: CountingMessage = { counts: { modules: modules.size + files.length } };
process.send?.(message);
