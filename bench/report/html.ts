import type { Block } from "./document.ts";
import type { Table } from "./tables.ts";

const STYLE = `
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #30363d; background: #fff;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
h1 { font-size: 1.7rem; } h2 { margin-top: 3rem; border-bottom: 1px solid #e5e7eb; padding-bottom: .3rem; }
h3 { margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #e5e7eb; text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
th { color: #6b7280; font-weight: 600; }
tr.own td { background: #eff6ff; font-weight: 600; }
td.met { color: #2b8a3e; } td.missed { color: #c92a2a; font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; font-size: 14px; }
dt { color: #6b7280; } dd { margin: 0; }
figure { margin: 1.5rem 0; } figure svg { max-width: 100%; height: auto; }
code { background: #f3f4f6; padding: 0 .25rem; border-radius: 3px; }
`;

/** The report as one file that needs no other: plots are inlined. */
export function toHtml(blocks: readonly Block[]): string {
  const title = blocks.find((block) => block.kind === "heading")?.text ?? "Report";
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>Holdfast: ${escapeHtml(title)}</title><style>${STYLE}</style></head>`,
    "<body>",
    ...blocks.map(blockToHtml),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function blockToHtml(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `<h${block.level}>${escapeHtml(block.text)}</h${block.level}>`;
    case "paragraph":
      return `<p>${withCode(block.text)}</p>`;
    case "facts":
      return `<dl>${block.facts.map(([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`).join("")}</dl>`;
    case "table":
      return `<div class="wide">${tableToHtml(block.table)}</div>`;
    case "plot":
      return `<figure>${block.plot.svg.trimEnd()}</figure>`;
  }
}

function tableToHtml({ header, rows }: Table): string {
  const head = `<tr>${header.map((cell) => `<th>${escapeHtml(cell)}</th>`).join("")}</tr>`;
  return `<table><thead>${head}</thead><tbody>\n${rows.map(rowToHtml).join("\n")}\n</tbody></table>`;
}

function rowToHtml(row: readonly string[]): string {
  const cells = row.map((cell) => {
    const isVerdict = cell === "met" || cell === "missed";
    return `<td${isVerdict ? ` class="${cell}"` : ""}>${escapeHtml(cell)}</td>`;
  });
  return `<tr${row[0] === "holdfast" ? ' class="own"' : ""}>${cells.join("")}</tr>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function withCode(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}
