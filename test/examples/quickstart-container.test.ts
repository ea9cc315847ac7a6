import { fork } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { runContainers } from "../../examples/quickstart/container/run.ts";
import { createContainerServer } from "../../examples/quickstart/container/server.ts";
import { type Classifier, MODELS, trainClassifier } from "../../examples/quickstart/flowers/classifiers.ts";
import { readFlowers } from "../../examples/quickstart/flowers/iris.ts";

const SETOSA = "5.1,3.5,1.4,0.2";
const VIRGINICA = "6.3,3.3,6.0,2.5";

describe("a container", () => {
  let classifier: Classifier | undefined = trainClassifier("tree", readFlowers());
  const server = createContainerServer(() => classifier);
  let url: string;

  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const ask = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/invocations`, {
      method: "POST",
      body,
      headers: { "content-type": "text/csv", ...headers },
    });

  it("answers a ping with 503 until its model is trained, then with 200", async () => {
    const trained = classifier;
    classifier = undefined;
    expect((await fetch(`${url}/ping`)).status).toBe(503);
    expect((await ask(SETOSA)).status).toBe(503);
    classifier = trained;
    expect((await fetch(`${url}/ping`)).status).toBe(200);
  });

  it("answers rows of CSV with one prediction a row, in JSON unless asked otherwise", async () => {
    const response = await ask(`${SETOSA}\n\n${VIRGINICA}\n`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ model: "tree", predictions: ["setosa", "virginica"] });
  });

  it.each(["text/csv", "text/*;q=0.5", "image/png, text/csv"])(
    "answers in CSV for Accept: %s",
    async (accept) => {
      const response = await ask(`${SETOSA}\r\n${VIRGINICA}`, { accept });
      expect(response.headers.get("content-type")).toBe("text/csv");
      expect(await response.text()).toBe("setosa\nvirginica");
    },
  );

  it.each([
    ["", "row 1: expected at least one row, got an empty body"],
    [
      "1,2,3",
      "row 1: expected 4 numbers (sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm), got 3 fields",
    ],
    [`${SETOSA}\n5.1,wide,1.4,0.2`, 'row 2: sepal_width_cm must be a number, got "wide"'],
    ["5.1,,1.4,0.2", 'row 1: sepal_width_cm must be a number, got ""'],
    ["Infinity,1,1,1", 'row 1: sepal_length_cm must be a number, got "Infinity"'],
  ])("refuses the body %j with 400 and the reason", async (body, reason) => {
    const response = await ask(body);
    expect(response.status).toBe(400);
    expect(await response.text()).toBe(reason);
  });

  it("refuses CSV that cannot be parsed with 400 and the parser's reason", async () => {
    const response = await ask('5.1,"3.5,1.4,0.2');
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/quote/i);
  });

  it("refuses another content type with 415, and names the one that it reads", async () => {
    const response = await ask("{}", { "content-type": "application/json" });
    expect(response.status).toBe(415);
    expect(await response.text()).toBe('Content-Type must be text/csv, got "application/json"');
  });

  it("refuses an Accept that it cannot meet with 406", async () => {
    const response = await ask(SETOSA, { accept: "image/png" });
    expect(response.status).toBe(406);
    expect(await response.text()).toBe('Accept must allow application/json or text/csv, got "image/png"');
  });

  it("refuses a body of more than a mebibyte with 413, and answers the next request", async () => {
    const response = await ask("1,".repeat(600_000));
    expect(response.status).toBe(413);
    expect(await response.text()).toBe("the body must be at most 1048576 bytes");
    expect((await ask(SETOSA)).status).toBe(200);
  });

  it("answers 404 to any other path or method", async () => {
    expect((await fetch(`${url}/invocations`)).status).toBe(404);
    expect((await fetch(`${url}/models`)).status).toBe(404);
  });
});

describe("container processes", () => {
  const never = new AbortController().signal;

  it("run one model each, answer when they are said to run, and end when they are disposed of", async () => {
    const containers = await runContainers(MODELS, never);
    try {
      expect(await Promise.all(containers.all.map(modelOf))).toEqual(MODELS);
    } finally {
      await containers[Symbol.asyncDispose]();
    }
    for (const { pid } of containers.all) expect(isRunning(pid)).toBe(false);
  });

  it("are not started at all for a caller that has given up", async () => {
    const reason = new Error("given up");
    await expect(runContainers(MODELS, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it("end when their parent goes, whatever way", async () => {
    const main = new URL("../../examples/quickstart/container.ts", import.meta.url);
    const child = fork(main, ["--model", "tree", "--port", "0"], { execArgv: ["--import", "tsx"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child, "message");
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it.each([
    [
      ["--model", "forest"],
      "option '--model <name>' argument 'forest' is invalid. Allowed choices are naive-bayes, tree.",
    ],
    [
      ["--model", "tree", "--port", "http"],
      "option '--port <number>' argument 'http' is invalid. It must be a whole number from 0 to 65535.",
    ],
    [[], "required option '--model <name>' not specified"],
  ])("refuse the arguments %j in one line", async (args, message) => {
    const main = new URL("../../examples/quickstart/container.ts", import.meta.url);
    const child = fork(main, args, { execArgv: ["--import", "tsx"], silent: true });
    const [stderr, [exitCode]] = await Promise.all([text(child.stderr!), once(child, "exit")]);
    expect(stderr).toBe(`error: ${message}\n`);
    expect(exitCode).toBe(2);
  });

  async function modelOf({ url }: { url: string }): Promise<string> {
    const headers = { "content-type": "text/csv" };
    const response = await fetch(`${url}/invocations`, { method: "POST", body: SETOSA, headers });
    return ((await response.json()) as { model: string }).model;
  }

  function isRunning(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
});
