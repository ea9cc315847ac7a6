import type { Splitter } from "../../lib/event-stream/splitter.ts";

/** Everything that a splitter makes of these chunks, its tail included. */
export function splitAll<T>(splitter: Splitter<T>, chunks: readonly Uint8Array[]): T[] {
  const items: T[] = [];
  for (const chunk of chunks) items.push(...splitter.push(chunk));
  items.push(...splitter.flush());
  return items;
}
