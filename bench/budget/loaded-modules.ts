import { createRequire, register } from "node:module";
import { MessageChannel } from "node:worker_threads";
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
const modules = new Set<string>();
port1.on("message", (url: string) => modules.add(url));
register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, {
  data: { port: port2 },
  transferList: [port2],
});
await import("holdfast");
// CommonJS files have a cache that can be counted; the messages of the hook come with the next turn of the loop.
const files = Object.keys(createRequire(import.meta.url).cache);
await new Promise((resolve) => setTimeout(resolve, 50));
port1.close();
const message: CountingMessage = { counts: { modules: modules.size + files.length } };
process.send?.(message);
