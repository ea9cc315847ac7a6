import { readdirSync } from "node:fs";
import type { BenchClient } from "./client.ts";
import { BenchError } from "./errors.ts";

/** A peer and the file that defines it. */
export interface Peer {
  readonly name: string;
  /** Below `bench/`, in the source. */
  readonly file: string;
  readonly client: BenchClient<unknown>;
}

/** Every ratio is to this one: the least that a request costs, so no client can look good by a slow baseline. */
export const BASELINE = "undici";

const CLIENTS = new URL("clients/", import.meta.url);

/** The names of all peers, the baseline first. */
export function peerNames(): string[] {
  const names = readdirSync(CLIENTS)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length))
    .sort();
  return [BASELINE, ...names.filter((name) => name !== BASELINE)];
}

/** Loads the definition of a peer, not yet its packages. */
export async function loadPeer(name: string, file = `clients/${name}.ts`): Promise<Peer> {
  const { client } = (await import(new URL(file, import.meta.url).href)) as { client?: BenchClient<unknown> };
  if (client === undefined) throw new BenchError(`bench/${file} must export a client`);
  return { name, file, client };
}

export function loadPeers(names: readonly string[]): Promise<Peer[]> {
  return Promise.all(names.map((name) => loadPeer(name)));
}

/** A peer's description by its name, as a result states it. */
export function descriptionsOf(peers: readonly Peer[]): Record<string, string> {
  return Object.fromEntries(peers.map(({ name, client }) => [name, client.description]));
}

export function packagesOf(peers: readonly Peer[]): string[] {
  return [...new Set(peers.flatMap(({ client }) => client.packages))];
}

/** The compiled form of a peer's file, which is what a process imports. */
export function compiledUrl({ file }: Peer, build: URL): string {
  return new URL(file.replace(/\.ts$/, ".js"), build).href;
}
