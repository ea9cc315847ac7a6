import { expect } from "vitest";
import { scriptedClient } from "../../support/scripted-client.ts";
import { ALONE, openStream, type Pairs, STREAM } from "./kit.ts";

export const deserialize: Pairs = {
  chaos: [
    "an error that is injected in place of a stream is thrown by send; a stream that is only late is real",
    async () => {
      const outcome = { inject: "outcome", outcome: "ServiceUnavailable", rate: 1 } as const;
      const broken = scriptedClient([STREAM], { ...ALONE, chaos: { rules: [outcome] } });
      await expect(openStream(broken)).rejects.toMatchObject({ name: "ServiceUnavailable" });
      const latency = { inject: "latency", latencyMs: 300, rate: 1 } as const;
      const late = scriptedClient([STREAM], { ...ALONE, chaos: { rules: [latency] } });
      const opening = openStream(late);
      await late.clock.advance(300);
      expect(await (await opening).text()).toBe("hello");
    },
  ],
};
