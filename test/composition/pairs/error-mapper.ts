import { expect } from "vitest";
import { scriptedClient } from "../../support/scripted-client.ts";
import { ALONE, ended, openStream, type Pairs } from "./kit.ts";

export const errorMapper: Pairs = {
  deserialize: [
    "a refusal is made an error and no output; what cannot be read as an output is an error with a type, too",
    async () => {
      const refused = { status: 424, body: '{"OriginalStatusCode":500,"Message":"boom"}' };
      const garbage = { status: 200, body: "this is no event stream, but it is long enough for a frame" };
      const test = scriptedClient([refused, garbage], { ...ALONE, peekFirstEvent: true });
      expect((await ended(test)).error).toMatchObject({ name: "ModelError", OriginalStatusCode: 500 });
      await expect(openStream(test)).rejects.toMatchObject({ name: "InvalidResponseError" });
    },
  ],
  chaos: [
    "what is injected is typed as what comes from the network",
    async () => {
      const of = (rule: object) =>
        ended(scriptedClient([200], { ...ALONE, chaos: { rules: [{ rate: 1, ...rule } as never] } }));
      expect((await of({ inject: "outcome", outcome: "ModelError" })).error?.name).toBe("ModelError");
      expect((await of({ inject: "fault", fault: "connect" })).error).toMatchObject({
        name: "ConnectionError",
        phase: "connect",
      });
    },
  ],
};
