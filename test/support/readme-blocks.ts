import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const README_PATH = fileURLToPath(new URL("../../README.md", import.meta.url));

/** `<!-- example: FILE REGION -->`, then a code block that must be that region of that file. */
const BLOCK = /<!-- example: (\S+) (\S+) -->\n```ts\n([\s\S]*?)```\n/g;

export interface ReadmeBlock {
  readonly file: string;
  readonly region: string;
  readonly code: string;
}

export function readmeBlocks(readme: string): ReadmeBlock[] {
  return [...readme.matchAll(BLOCK)].map(([, file = "", region = "", code = ""]) => ({ file, region, code }));
}

/** The lines between `// #region NAME` and `// #endregion` of a file of the project. */
export function regionOf({ file, region }: Pick<ReadmeBlock, "file" | "region">): string {
  const text = readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), "utf8");
  const found = text.match(new RegExp(`// #region ${region}\\n([\\s\\S]*?)// #endregion`));
  if (found === null) throw new Error(`${file} has no region ${region}`);
  return found[1] ?? "";
}
