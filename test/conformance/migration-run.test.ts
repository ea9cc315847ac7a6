import * as official from "@aws-sdk/client-sagemaker-runtime";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type ContainerRequest, type ContainerResponse, startLocalEndpoint } from "../../lib/local/index.ts";

function container({ body }: ContainerRequest): ContainerResponse {
  return { headers: { "content-type": "text/plain" }, body: `answer to ${Buffer.from(body).toString()}` };
}

/** The program as it is, or with the official client in the place of this package. */
async function load(withOfficialClient: boolean) {
  vi.resetModules();
  if (withOfficialClient) vi.doMock("holdfast", () => import("@aws-sdk/client-sagemaker-runtime"));
  else vi.doUnmock("holdfast");
  const { SageMakerRuntimeClient }: { SageMakerRuntimeClient: unknown } = await import("holdfast");
  const { program } = await import("../types/migration/program.ts");
  return { program, isOfficial: SageMakerRuntimeClient === official.SageMakerRuntimeClient };
}

afterEach(() => {
  vi.doUnmock("holdfast");
});

describe("a program written for the official client", () => {
  it("sees the same with this package against the same endpoint", async () => {
    await using endpoint = await startLocalEndpoint({
      endpoints: { iris: [{ name: "blue", weight: 1, container }] },
    });
    const before = await load(true);
    const seenBefore = await before.program(endpoint.url);
    const after = await load(false);
    const seenAfter = await after.program(endpoint.url);
    expect([before.isOfficial, after.isOfficial]).toEqual([true, false]);
    expect(seenAfter).toEqual(seenBefore);
    expect(seenAfter).toContain("ValidationError client 400 400");
  });
});
