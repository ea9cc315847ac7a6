import type { BenchClient } from "../client.ts";
import { openOfficialClient } from "../peers/official-client.ts";

export const client: BenchClient = {
  description: "official client on @smithy/undici-http-handler with 256 connections, static credentials",
  packages: ["@aws-sdk/client-sagemaker-runtime", "@smithy/undici-http-handler"],
  async open(target) {
    const { UndiciHttpHandler } = await import("@smithy/undici-http-handler");
    const requestHandler = new UndiciHttpHandler({ dispatcher: { connections: target.maxSockets } });
    const official = await openOfficialClient(target, { requestHandler });
    return {
      call: (body, abortSignal) => official.send(body, abortSignal),
      close: async () => official.destroy(),
    };
  },
};
