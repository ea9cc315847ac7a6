import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const OFFICIAL = "@aws-sdk/client-sagemaker-runtime";

const FILES = ["program.ts", "tools.ts"];

function pathOf(file: string): string {
  return fileURLToPath(new URL(`migration/${file}`, import.meta.url));
}

const configFile = fileURLToPath(new URL("../../tsconfig.json", import.meta.url));

const root = fileURLToPath(new URL("../../", import.meta.url));
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(configFile, ts.sys.readFile).config,
  ts.sys,
  root,
);

/** Parsed once for all programs: most of them is the same declarations. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** What the compiler says about a file when it imports `packageName`, under this project's strict settings. */
function complaintsAbout(file: string, packageName: string): string[] {
  const programFile = pathOf(file);
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (fileName, languageVersion) => {
    if (fileName === programFile) {
      return ts.createSourceFile(fileName, programImporting(programFile, packageName), languageVersion);
    }
    if (!parsed.has(fileName)) parsed.set(fileName, read(fileName, languageVersion));
    return parsed.get(fileName);
  };
  const program = ts.createProgram([programFile], options, host);
  const source = program.getSourceFile(programFile);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(textOf);
}

function programImporting(programFile: string, packageName: string): string {
  return readFileSync(programFile, "utf8").replace('from "holdfast"', `from "${packageName}"`);
}

function textOf({ file, start, messageText }: ts.Diagnostic): string {
  const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
  return `line ${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
}

/** A compiler run takes seconds, and more on a busy machine. */
const TIMEOUT_MS = 120_000;

describe.each(FILES)("%s, written for the official client,", { timeout: TIMEOUT_MS }, (file) => {
  it("names its package once", () => {
    expect(readFileSync(pathOf(file), "utf8").split('"holdfast"')).toHaveLength(2);
  });

  it("compiles against the official client", () => {
    expect(complaintsAbout(file, OFFICIAL)).toEqual([]);
  });

  it("compiles against this package with only the import changed", () => {
    expect(complaintsAbout(file, "holdfast")).toEqual([]);
  });

  it("does not compile against another package, so that the compiler does look", () => {
    expect(complaintsAbout(file, "node:path")).not.toEqual([]);
  });
});
