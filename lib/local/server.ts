import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AsyncQueue } from "./async/queue.ts";
import { Verifier } from "./auth/verifier.ts";
import { Connections } from "./connections.ts";
import { containerFor } from "./containers/container-for.ts";
import type { LocalContext } from "./context.ts";
import { FaultInjector } from "./faults/injector.ts";
import { parseFaultScript } from "./faults/parse.ts";
import { Exchange } from "./http/exchange.ts";
import { routeOf } from "./http/router.ts";
import { serveRequest } from "./http/serve-request.ts";
import { type ResolvedOptions, resolveOptions } from "./options.ts";
import { derivedRandom } from "./seeded-random.ts";
import { Stats } from "./stats.ts";
import { DirectoryStore } from "./store/directory-store.ts";
import { MemoryStore } from "./store/memory-store.ts";
import type { ObjectStore } from "./store/object-store.ts";
import type { LocalEndpoint, LocalEndpointOptions, LocalStats } from "./types.ts";
import { VariantTable } from "./variants.ts";

/** How long an idle connection is kept: about what AWS's data planes keep it. */
const KEEP_ALIVE_MS = 60_000;

/** Position of the choice of variants among the users of the seed: rules of a fault script count from 0. */
const VARIANT_DRAWS = -2;

/**
 * Starts a server that speaks SageMaker Runtime's side of the protocol: InvokeEndpoint,
 * InvokeEndpointAsync and InvokeEndpointWithResponseStream with Signature Version 4, variants, containers and
 * injected faults; and S3's GetObject, HeadObject and PutObject (path style) for the objects of asynchronous
 * calls. `GET /ping` answers 200, `GET /_holdfast/stats` the {@link LocalStats} as JSON.
 *
 * It listens on loopback unless `host` says otherwise, and logs nothing.
 *
 * @throws {RangeError | TypeError} for an option that is not allowed, a `storeDirectory` that takes no files among them;
 * what `listen` throws, such as `EADDRINUSE`
 */
export async function startLocalEndpoint(options: LocalEndpointOptions = {}): Promise<LocalEndpoint> {
  const resolved = resolveOptions(options);
  const context = contextOf(resolved, await storeOf(resolved));
  const { clock, connections } = context;
  const startedAt = clock.now();
  const stats = (): LocalStats => ({
    uptimeMs: clock.now() - startedAt,
    ...context.stats.snapshot(),
    connections: connections.counts(),
    asyncInvocations: { ...context.queue.counts },
    faults: context.faults.hits,
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    if (connections.isStale(request.socket)) {
      request.socket.destroy();
      return;
    }
    const route = routeOf(request.method ?? "", request.url ?? "");
    connections.serve(
      request.socket,
      serveRequest(context, new Exchange(request, response, clock), route, stats),
    );
  });
  server.on("connection", (socket) => connections.add(socket));
  await listen(server, resolved.host, resolved.port);
  return handleOf(server, context, resolved, stats);
}

async function storeOf({ storeDirectory }: ResolvedOptions): Promise<ObjectStore> {
  return storeDirectory === undefined ? new MemoryStore() : DirectoryStore.open(storeDirectory);
}

function contextOf(options: ResolvedOptions, store: ObjectStore): LocalContext {
  const { clock, seed, specs, maxBodyBytes } = options;
  return {
    clock,
    verifier: new Verifier(options.credentials, clock),
    variants: new VariantTable(specs, derivedRandom(seed, VARIANT_DRAWS), (spec) =>
      containerFor(spec, clock),
    ),
    connections: new Connections(),
    stats: new Stats(),
    store,
    queue: new AsyncQueue(store, clock, maxBodyBytes),
    containerTimeoutMs: options.containerTimeoutMs,
    maxBodyBytes,
    faults: new FaultInjector(options.faults, seed, clock),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function handleOf(
  server: Server,
  context: LocalContext,
  { host, seed, clock }: ResolvedOptions,
  stats: () => LocalStats,
): LocalEndpoint {
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeAll(server, context);
    return closing;
  };
  return {
    url: `http://${urlHost(host)}:${port}`,
    port,
    stats,
    setFaults: (script) => {
      context.faults = new FaultInjector(parseFaultScript(script), seed, clock);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function closeAll(server: Server, { connections, queue, variants }: LocalContext): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  await Promise.all([closed, connections.destroyAll(), connections.served(), queue.close()]);
  await variants.close();
}

/** The host as a URL from this machine names it: a server on all addresses is reached by loopback. */
function urlHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
