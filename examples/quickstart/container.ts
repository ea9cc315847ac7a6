/**
 * A model container as SageMaker runs one: a process of its own that trains at start and answers over HTTP.
 * `npm start` starts two of them; by hand: `npx tsx examples/quickstart/container.ts --model tree`.
 */
import type { AddressInfo } from "node:net";
import { Command, InvalidArgumentError, Option } from "commander";
import { createContainerServer } from "./container/server.ts";
import { type Classifier, MODELS, type ModelName, trainClassifier } from "./flowers/classifiers.ts";
import { readFlowers } from "./flowers/iris.ts";
import { splitFlowers } from "./flowers/split.ts";

const { model, port } = new Command("container")
  .addOption(new Option("--model <name>", "what to train").choices(MODELS).makeOptionMandatory())
  .option("--port <number>", "where to listen on 127.0.0.1; 0: any free port", parsePort, 8080)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ model: ModelName; port: number }>();

let classifier: Classifier | undefined;
const server = createContainerServer(() => classifier);
server.on("error", (error) => {
  console.error(`container ${model}: ${error.message}`);
  process.exit(1);
});
server.listen(port, "127.0.0.1", () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (process.send) process.send({ url });
  else console.log(`${model} on ${url}`);
  classifier = trainClassifier(model, splitFlowers(readFlowers()).training);
});

process.once("SIGTERM", () => process.exit(0));
if (process.connected) {
  // Whatever way the parent went: nobody is left to ask.
  process.once("disconnect", () => process.exit(0));
  // A terminal sends Ctrl-C to the parent and to us alike. The parent ends us when it has no more calls out.
  process.on("SIGINT", () => {});
}

function parsePort(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65_535) return number;
  throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}
