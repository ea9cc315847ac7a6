import type { Block } from "./document.ts";
import type { Table } from "./tables.ts";

/** The report for a page of the repository; plots stand beside it and are linked. */
export function toMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(blockToMarkdown).join("\n\n")}\n`;
}

function blockToMarkdown(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.level)} ${block.text}`;
    case "paragraph":
      return block.text;
    case "facts":
      return block.facts.map(([term, text]) => `* **${term}**: ${text}`).join("\n");
    case "table":
      return tableToMarkdown(block.table);
    case "plot":
      return `![${block.plot.title}](plots/${block.plot.file})`;
  }
}

export function tableToMarkdown({ header, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
  const rule = header.map((_, column) => (column === 0 ? "---" : "---:"));
  return [line(header), line(rule), ...rows.map(line)].join("\n");
}

function escapeCell(cell: string): string {
  return cell.replaceAll("|", "\\|");
}
