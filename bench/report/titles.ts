/** What a part is called in the report, by the name it has in its file. */
const TITLES: Readonly<Record<string, string>> = {
  "closed-loop": "CPU, latency and heap per call: closed loop",
  "open-loop": "Latency at a fixed rate: open loop",
  tls: "With TLS",
  streams: "Response streams",
  import: "Cold import",
  bundle: "Bundle size",
  layers: "What each layer costs",
  faults: "Faults: goodput over real sockets, with the defaults of both clients",
  "million-calls": "A million calls: memory, sockets, listeners and timers",
  soak: "Soak: memory, sockets, listeners and timers over half an hour",
};

export function titleOf(part: string): string {
  return TITLES[part] ?? part;
}
