import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface SourceFile {
  /** From the root of the project, such as `lib/client.ts`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** Files of the project that it imports, types included. */
  readonly imports: readonly string[];
  /** Packages that it imports, such as `undici` or `node:crypto`. */
  readonly packages: readonly string[];
  /** Those of them that are there when it runs: not only for their types. */
  readonly loads: readonly string[];
}

/** The name of the package that an import such as `@smithy/types/x.js` names. */
export function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The TypeScript files below the given folders. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => read(join(folder, name))),
  );
}

function read(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), "utf8");
  const specifiers = [
    ...text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)";|\bimport\("([^"]+)"\)/gm),
  ].map((match) => match[1] ?? match[2] ?? "");
  const loads = [
    ...text.matchAll(/^(?:import|export) (?!type\b)[^;]*?from "([^"]+)";|\bimport\("([^"]+)"\)/gm),
  ].map((match) => match[1] ?? match[2] ?? "");
  const isOwn = (specifier: string) => specifier.startsWith(".");
  return {
    path,
    text,
    lines: text.split("\n").length - 1,
    imports: specifiers
      .filter(isOwn)
      .map((specifier) => relative(ROOT, resolve(ROOT, dirname(path), specifier))),
    packages: specifiers.filter((specifier) => !isOwn(specifier)),
    loads: loads.filter((specifier) => !isOwn(specifier)),
  };
}
