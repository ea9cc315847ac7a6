import type { BenchClient } from "../client.ts";
import { nodeHandlerOptions, openOfficialClient } from "../peers/official-client.ts";

/** The official client as its users run it: one for the process, with the default retries. */
export const client: BenchClient = {
  description: "official client: default node-http handler with 256 sockets, static credentials",
  packages: ["@aws-sdk/client-sagemaker-runtime"],
  async open(target) {
    const official = await openOfficialClient(target, nodeHandlerOptions(target));
    return {
      call: (body, abortSignal) => official.send(body, abortSignal),
      close: async () => official.destroy(),
    };
  },
};
