import { FaultyEndpoint, type FaultyEndpointOptions } from "./endpoint.ts";

/** What the process of the endpoint sends: its port once, then how many requests it has had for every "count". */
export type EndpointMessage = { readonly port: number } | { readonly requests: number };

const endpoint = new FaultyEndpoint(JSON.parse(process.argv[2] ?? "{}") as FaultyEndpointOptions);
const send = (message: EndpointMessage) => process.send?.(message);

process.on("message", (message) => {
  if (message === "begin") endpoint.begin(fail);
  else send({ requests: endpoint.requests });
});
process.on("disconnect", () => void endpoint.close());
await endpoint.listen();
send({ port: endpoint.port });

/** An endpoint that did not do what its scenario says makes the run worthless. */
function fail(error: unknown): never {
  console.error(error);
  process.exit(1);
}
