import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { VERSION } from "../lib/version.ts";

it("VERSION is the version of the package", () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  expect(VERSION).toBe(manifest.version);
});
