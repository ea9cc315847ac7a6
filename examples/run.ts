/**
 * Runs one example against a local endpoint: `npm run example -- minimal`. The examples themselves are
 * written as they would be for AWS; what points them at the local endpoint is the environment they get here.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { startLocalEndpoint } from "holdfast/local";
import { demoContainer } from "./support/demo-container.ts";

const EXAMPLES: Readonly<Record<string, string>> = {
  minimal: "one call",
  migration: "one program on the official client and on holdfast",
  "response-stream": "tokens as the model makes them",
  async: "queue a request and fetch its result from S3",
  "custom-middleware": "a layer of your own, and how to write one",
  "aws-sdk-plugin": "the layers in a client of the AWS SDK",
  "fastify-backend": "a service with a /predict and a /metrics route",
};

const program = new Command("npm run example --")
  .argument("<name>", `one of: ${Object.keys(EXAMPLES).join(", ")}`)
  .argument("[options...]", "options of the example itself")
  .passThroughOptions()
  .allowUnknownOption()
  .addHelpText(
    "after",
    ["", ...Object.entries(EXAMPLES).map(([name, about]) => `  ${name.padEnd(20)}${about}`)].join("\n"),
  )
  .parse();

const [name = "", ...options] = program.args;
if (EXAMPLES[name] === undefined) {
  program.error(
    `error: name must be one of ${Object.keys(EXAMPLES).join(", ")}, got ${JSON.stringify(name)}`,
    {
      exitCode: 2,
    },
  );
}

await using endpoint = await startLocalEndpoint({
  variants: [
    { name: "blue", weight: 3, container: demoContainer },
    { name: "green", weight: 1, container: demoContainer },
  ],
});

const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
const example = spawn(process.execPath, ["--import", "tsx", file, ...options], {
  stdio: "inherit",
  env: {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SESSION_TOKEN: "",
    AWS_PROFILE: "",
    // The official client's notice about Node 20 is not about the example.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  },
});
const [code] = await once(example, "exit");
process.exitCode = code ?? 1;
