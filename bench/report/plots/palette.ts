/** The client that the bench is about stands out, the baseline is the neutral one; a client has one colour everywhere. */
const COLORS: Readonly<Record<string, string>> = {
  holdfast: "#0b6bcb",
  undici: "#3d4451",
  "undici-signed": "#7a869a",
  "undici-sha256": "#9aa5b1",
  "aws-sdk": "#d9480f",
  "aws-sdk-undici": "#f08c00",
  aws4fetch: "#9c36b5",
  naive: "#2b8a3e",
  opossum: "#c2255c",
  cockatiel: "#0c8599",
};

const OTHERS = ["#5c7cfa", "#94d82d", "#e8590c", "#845ef7", "#12b886", "#a61e4d"] as const;

/** @param index - its place among the shown clients, which picks the colour of one that has none of its own */
export function colorOf(client: string, index: number): string {
  return COLORS[client] ?? OTHERS[index % OTHERS.length]!;
}

export const TEXT = "#30363d";
export const FAINT_TEXT = "#6b7280";
export const GRID = "#e5e7eb";
