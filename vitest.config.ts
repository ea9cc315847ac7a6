import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^holdfast$/, replacement: here("lib/index.ts") },
      { find: /^holdfast\/middleware$/, replacement: here("middleware/index.ts") },
      { find: /^holdfast\/local$/, replacement: here("lib/local/index.ts") },
      { find: /^holdfast\/plugin$/, replacement: here("lib/plugin/index.ts") },
      { find: /^holdfast\/redis$/, replacement: here("lib/redis/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/setup.ts"],
    testTimeout: 30_000,
    // Twice as fast, and a worker that lives on hears of a promise that was rejected after its test had ended.
    isolate: false,
    // Vitest's own choice on two cores is one worker, which takes almost twice as long.
    maxWorkers: 2,
    // Credentials, region and endpoints of the machine that runs the tests must not reach them.
    env: {
      AWS_CONFIG_FILE: "no-such-file",
      AWS_SHARED_CREDENTIALS_FILE: "no-such-file",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
  },
});
