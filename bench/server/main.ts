import { LoadServer, type LoadServerCounts, type LoadServerOptions } from "./load-server.ts";

/** What the process of the load server sends: its port once, then its counts for every message it gets. */
export type LoadServerMessage = { readonly port: number } | { readonly counts: LoadServerCounts };

const options = JSON.parse(process.argv[2] ?? "{}") as LoadServerOptions;
const server = await LoadServer.listen(options);
const send = (message: LoadServerMessage) => process.send?.(message);

process.on("message", () => send({ counts: server.counts }));
process.on("disconnect", () => void server.close());
send({ port: server.port });
