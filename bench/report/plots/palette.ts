import { BASELINE } from "../../client-catalogue.ts";

const HOLDFAST = "#0b6bcb";

/** The client that the bench is about stands out, the baseline is the neutral one; a client has one colour everywhere. */
const COLORS: Readonly<Record<string, string>> = {
  holdfast: HOLDFAST,
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

/** Bars have their names beside them and need no colours: only whom they are about, and the baseline. */
export function barColorOf(client: string): string {
  if (client === BASELINE) return "#6b7686";
  return client === "holdfast" ? HOLDFAST : "#b4bfcc";
}

export const TEXT = "#30363d";
export const FAINT_TEXT = "#6b7280";
export const GRID = "#e5e7eb";
