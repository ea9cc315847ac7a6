import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { README_PATH } from "../support/readme-blocks.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What the README's code takes for given. */
const GIVEN = `
import { presets, resilienceFromFile, SageMakerRuntimeClient, waitUntilModelReady } from "holdfast";
import type { InvokeEndpointCommand } from "holdfast";
import { startLocalEndpoint } from "holdfast/local";
import type { Registry } from "prom-client";
declare const client: SageMakerRuntimeClient;
declare const usEast1: SageMakerRuntimeClient;
declare const command: InvokeEndpointCommand;
declare const customerId: string;
declare const registry: Registry;
`;

/** Blocks of code that are no region of an example, which is run: by their first line. */
function snippets(readme: string): (readonly [title: string, code: string])[] {
  const blocks = [...readme.matchAll(/(<!-- example: .*-->\n)?```ts\n([\s\S]*?)```/g)];
  const inline = [...readme.matchAll(/`(startLocalEndpoint\(\{.*?\}\))`/gs)].map((match) => match[1]!);
  const unmarked = blocks.filter(([, mark]) => mark === undefined).map((match) => match[2]!);
  return [...unmarked, ...inline].map((code) => [code.split("\n", 1)[0]!, code]);
}

/** The code as a file: imports ahead, the rest in a scope of its own, where it may name things anew. */
function asFile(code: string): string {
  const lines = code.split("\n");
  const isImport = (line: string) => line.startsWith("import ");
  const body = lines.filter((line) => !isImport(line)).join("\n");
  const ahead = new Set([...GIVEN.split("\n"), ...lines.filter(isImport)]);
  return `${[...ahead].join("\n")}\n{\n${body}\n}\n`;
}

function complaintsAbout(code: string): string[] {
  const config = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const path = `${root}test/types/readme-snippet.ts`;
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (name, version) => {
    if (name === path) return ts.createSourceFile(name, asFile(code), version);
    if (!parsed.has(name)) parsed.set(name, read(name, version));
    return parsed.get(name);
  };
  const program = ts.createProgram([path], { ...options, noUnusedLocals: false }, host);
  const source = program.getSourceFile(path);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "),
  );
}

/** Parsed once for all snippets: most of what each needs is the same declarations. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** A compiler run takes seconds, and more on a busy machine. */
describe("the code of the README that no example is", { timeout: 120_000 }, () => {
  const all = snippets(readFileSync(README_PATH, "utf8"));

  it("is found", () => {
    expect(all.length).toBeGreaterThan(7);
  });

  it.each(all)("is taken by the compiler: %s", (_, code) => {
    expect(complaintsAbout(code)).toEqual([]);
  });

  it("would not be with an option that does not exist, so that the compiler does look", () => {
    expect(complaintsAbout("new SageMakerRuntimeClient({ noSuchOption: 1 });")).toEqual([
      expect.stringContaining("noSuchOption"),
    ]);
  });
});
