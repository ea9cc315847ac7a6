#!/usr/bin/env node
import { runCli } from "./program.ts";

// Nobody is left to be told: what there is to do, such as writing results, goes on.
process.stderr.on("error", () => {});

process.exitCode = await runCli(process.argv.slice(2));
