/** What a part is called in the report, by the name it has in its file. */
const TITLES: Readonly<Record<string, string>> = {
  "closed-loop": "CPU, latency and heap per call: closed loop",
  "open-loop": "Latency at a fixed rate: open loop",
  tls: "With TLS",
  streams: "Response streams",
  import: "Cold import",
  bundle: "Bundle size",
  layers: "What each layer costs",
  soak: "Soak: memory, sockets, listeners and timers",
};

export function titleOf(part: string): string {
  return TITLES[part] ?? part;
}
