import { stayOnOwnCore } from "../child/own-core.ts";
import { LoadServer, type LoadServerCounts, type LoadServerOptions } from "./load-server.ts";

export interface LoadServerStatus {
  readonly counts: LoadServerCounts;
  /** How long the event loop has been busy since the start, in milliseconds. */
  readonly activeMs: number;
}

/** What the process of the load server sends: its port once, then its status for every message it gets. */
export type LoadServerMessage = { readonly port: number } | LoadServerStatus;

const options = JSON.parse(process.argv[2] ?? "{}") as LoadServerOptions;
await stayOnOwnCore();
const server = await LoadServer.listen(options);
const send = (message: LoadServerMessage) => process.send?.(message);

process.on("message", () => {
  send({ counts: server.counts, activeMs: performance.eventLoopUtilization().active });
});
process.on("disconnect", () => void server.close());
send({ port: server.port });
