import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { type ContainerRequest, type ContainerResponse, startLocalEndpoint } from "../../lib/local/index.ts";

const SCRIPT = fileURLToPath(new URL("boto3_calls.py", import.meta.url));

const probe = spawnSync("python3", ["-c", "import boto3; print(boto3.__version__)"], { encoding: "utf8" });
const hasBoto3 = probe.status === 0;

function container({ body, headers }: ContainerRequest): ContainerResponse {
  const text = Buffer.from(body).toString();
  if (text === "fail") return { status: 400, body: "bad row" };
  if (text === "stream") return { body: wordStream() };
  const attributes = `got ${headers["x-amzn-sagemaker-custom-attributes"]}`;
  return {
    headers: { "content-type": "text/csv", "x-amzn-sagemaker-custom-attributes": attributes },
    body: text.toUpperCase(),
  };
}

async function* wordStream() {
  yield "one ";
  yield "two";
}

describe("boto3 against the local endpoint", () => {
  if (hasBoto3) {
    it("invokes, streams, enqueues, reads the result from S3, and gets 403 for a wrong secret", async () => {
      await using endpoint = await startLocalEndpoint({ variants: [{ name: "blue", weight: 1, container }] });
      const environment = {
        PATH: process.env.PATH,
        AWS_CONFIG_FILE: "none",
        AWS_SHARED_CREDENTIALS_FILE: "none",
      };
      const { stdout } = await promisify(execFile)("python3", [SCRIPT, endpoint.url], { env: environment });
      expect(JSON.parse(stdout)).toEqual({
        invoke: { body: "A,B", contentType: "text/csv", variant: "blue", customAttributes: "got trace=1" },
        modelError: { status: 424, originalStatusCode: 400, originalMessage: "bad row" },
        stream: ["one ", "two"],
        enqueue: { inferenceId: "id-1", result: "X,Y", inputBytes: 3 },
        wrongSecret: [403, "InvalidSignatureException"],
        wrongSecretS3: [403, "SignatureDoesNotMatch"],
      });
    });
  } else {
    it("IS NOT TESTED: python3 cannot import boto3 on this machine", () => {
      expect(probe.status).not.toBe(0);
    });
  }
});
