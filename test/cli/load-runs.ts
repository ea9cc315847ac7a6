import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { type LocalEndpoint, type LocalEndpointOptions, startLocalEndpoint } from "../../lib/local/index.ts";

const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "a-secret-that-nobody-may-see" };

/** A directory, and local endpoints that the environment has credentials for, for the tests of a file. */
export function loadRuns() {
  let directory = "";
  let endpoint: LocalEndpoint | undefined;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "holdfast-load-"));
  });
  afterAll(() => rm(directory, { recursive: true }));
  beforeEach(() => {
    vi.stubEnv("AWS_REGION", "us-east-1");
    vi.stubEnv("AWS_ACCESS_KEY_ID", CREDENTIALS.accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", CREDENTIALS.secretAccessKey);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await endpoint?.close();
    endpoint = undefined;
  });

  const path = (name: string) => join(directory, name);
  return {
    path,
    secret: CREDENTIALS.secretAccessKey,
    async startEndpoint(options: LocalEndpointOptions = {}): Promise<string> {
      endpoint = await startLocalEndpoint({ credentials: CREDENTIALS, ...options });
      return endpoint.url;
    },
    /** Requests that the endpoint has got. */
    requests: () => endpoint?.stats().requests ?? 0,
    async file(name: string, content: unknown): Promise<string> {
      await writeFile(path(name), typeof content === "string" ? content : JSON.stringify(content));
      return path(name);
    },
    /** What a file of results says. */
    results: async (name: string) => JSON.parse(await readFile(path(name), "utf8")),
  };
}

/** The flags of a run without ramp and warm-up. */
export function loadFlags(url: string, rate: number, seconds: number): string[] {
  const times = ["--duration", String(seconds), "--warm-up", "0", "--ramp", "0"];
  return ["load", "--endpoint-name", "churn", "--endpoint", url, "--rate", String(rate), ...times];
}
