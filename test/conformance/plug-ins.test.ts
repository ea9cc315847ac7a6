import * as official from "@aws-sdk/client-sagemaker-runtime";
import type { Logger, MetadataBearer } from "@smithy/types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import * as holdfast from "../../lib/index.ts";
import { BothClients } from "../support/both-clients.ts";
import { addPlugIn, type PlugIn, sendWith, stackOf, type Whose } from "../support/plug-ins.ts";

const CLIENTS = { their: official, our: holdfast } as const;
const INPUT = { EndpointName: "ep", Body: "x" };

let both: BothClients;

beforeAll(async () => {
  both = await BothClients.start();
});
afterAll(() => both[Symbol.asyncDispose]());

/** A client of either package, with plug-ins, and how it is asked. */
function clientOf(whose: Whose) {
  const { SageMakerRuntimeClient, InvokeEndpointCommand } = CLIENTS[whose] as typeof holdfast;
  // Full jitter times 0 here, and some 50 ms there: a retry follows soon.
  const ours = whose === "our" ? { random: () => 0 } : {};
  const client = new SageMakerRuntimeClient({ ...both.location, ...ours });
  const commandFor = (InferenceId: string) => new InvokeEndpointCommand({ ...INPUT, InferenceId });
  return { client, commandFor };
}

const idOf = ({ input }: { readonly input: object }) => (input as { InferenceId: string }).InferenceId;

/** What two plug-ins find of what they kept: in the context, and in the function that made them. */
function keepers(found: string[]): readonly [keeps: PlugIn, finds: PlugIn] {
  const keeps: PlugIn = (next, context) => (args) => {
    Object.assign(context, { span: idOf(args) });
    return next(args);
  };
  const finds: PlugIn = (next, context) => {
    let started: string;
    return async (args) => {
      started = idOf(args);
      const result = await next(args);
      found.push(
        `${idOf(args)}: ${(context as { span?: string }).span} in the context, ${started} in the closure`,
      );
      return result;
    };
  };
  return [keeps, finds];
}

describe.each(["their", "our"] as const)("in %s client, what a plug-in keeps", (whose) => {
  it.each(["the client", "the command", "one of each"])("belongs to one call: of %s", async (of) => {
    both.server.answer = { status: 200, body: "42" };
    const { client, commandFor } = clientOf(whose);
    const found: string[] = [];
    const [keeps, finds] = keepers(found);
    if (of !== "the command") stackOf(client).add(keeps, { step: "initialize", name: "keeps" });
    if (of === "the client") stackOf(client).add(finds, { step: "build", name: "finds" });
    const calls = ["a", "b", "c"].map((id) => {
      const command = commandFor(id);
      if (of === "the command") stackOf(command).add(keeps, { step: "initialize", name: "keeps" });
      if (of !== "the client") stackOf(command).add(finds, { step: "build", name: "finds" });
      return client.send(command);
    });
    await Promise.all(calls);
    expect(found.sort()).toEqual(
      ["a", "b", "c"].map((id) => `${id}: ${id} in the context, ${id} in the closure`),
    );
    client.destroy();
  });

  it("is kept without a place as well: it is one of the outermost then", async () => {
    both.server.script([{ status: 503 }, { status: 200 }]);
    const { client, commandFor } = clientOf(whose);
    const seen: unknown[] = [];
    stackOf(client).add((next) => async (args) => {
      seen.push("in", args.request);
      const result = await next(args);
      seen.push("out");
      return result;
    });
    await client.send(commandFor("a"));
    expect(seen).toEqual(["in", undefined, "out"]);
    client.destroy();
  });

  it("lasts as long as the call, retries included", async () => {
    both.server.script([{ status: 503 }, { status: 200 }]);
    const { client, commandFor } = clientOf(whose);
    const seen: unknown[] = [];
    const counts: PlugIn = (next, context) => {
      let tries = 0;
      const kept = context as { tries?: number };
      return (args) => {
        kept.tries = (kept.tries ?? 0) + 1;
        seen.push([++tries, kept.tries]);
        return next(args);
      };
    };
    addPlugIn(client, counts, { step: "finalizeRequest" });
    await client.send(commandFor("a"));
    await client.send(commandFor("b"));
    expect(seen).toEqual([
      [1, 1],
      [2, 2],
      [1, 1],
    ]);
    client.destroy();
  });
});

describe.each(["their", "our"] as const)(
  "in %s client, a plug-in that looks at what came of a call",
  (whose) => {
    it.each(["initialize", "serialize", "build"])("finds how many attempts it took: at %s", async (step) => {
      const { client, commandFor } = clientOf(whose);
      const seen: unknown[] = [];
      const look = ({ $metadata }: MetadataBearer) => seen.push($metadata.attempts);
      const looks: PlugIn = (next) => async (args) => {
        try {
          const result = await next(args);
          look(result.output as MetadataBearer);
          return result;
        } catch (error) {
          look(error as MetadataBearer);
          throw error;
        }
      };
      addPlugIn(client, looks, { step });
      for (const statuses of [[200], [503, 200], [503, 503, 503], [400]]) {
        both.server.script(statuses.map((status) => ({ status })));
        await client.send(commandFor("a")).catch(() => undefined);
      }
      expect(seen).toEqual([1, 2, 3, 1]);
      client.destroy();
    });
  },
);

describe("a plug-in that hands on nothing but input and request", () => {
  it.each(["initialize", "serialize", "build", "finalizeRequest", "deserialize"])(
    "is right with both clients: at %s",
    async (step) => {
      both.server.answer = { status: 200, body: "42" };
      const bare: PlugIn =
        (next) =>
        ({ input, request }) =>
          next({ input, ...(request && { request }) });
      const { their, our } = await sendWith(both, { step }, () => bare);
      expect(our.error).toBeUndefined();
      expect(their.error).toBeUndefined();
    },
  );
});

describe("the context of a plug-in", () => {
  it.each<[Parameters<BothClients["send"]>[0], object]>([
    ["InvokeEndpoint", { ...INPUT, CustomAttributes: "secret", TargetModel: undefined, InferenceId: "i" }],
    ["InvokeEndpointAsync", { ...INPUT, CustomAttributes: "secret", Filename: "f" }],
    ["InvokeEndpointWithResponseStream", { ...INPUT, SessionId: "s" }],
  ])("has names, a logger and filters for logs, as in the official client: %s", async (operation, input) => {
    const isStream = operation === "InvokeEndpointWithResponseStream";
    const body = isStream ? payloadPartFrame(Buffer.from("a")) : '{"InferenceId":"i"}';
    both.server.answer = { status: 200, body, headers: { "x-amzn-sagemaker-custom-attributes": "secret" } };
    const seen: Record<Whose, unknown[]> = { their: [], our: [] };
    const looks =
      (whose: Whose): PlugIn =>
      (next, context) =>
      async (args) => {
        const { clientName, commandName, inputFilterSensitiveLog, outputFilterSensitiveLog } = context;
        (context.logger as Logger).info("this goes nowhere");
        seen[whose].push(clientName, commandName, inputFilterSensitiveLog(args.input));
        seen[whose].push([undefined, null, {}, { body: "secret" }].map(inputFilterSensitiveLog));
        const result = await next(args);
        const { Body, ...output } = outputFilterSensitiveLog(result.output);
        // What the official client shows of a stream is an empty object.
        seen[whose].push(output, isStream ? JSON.stringify(Body).length < 40 : Body);
        return result;
      };
    await sendWith(both, { step: "initialize" }, looks, [operation, input]);
    expect(seen.our).toEqual(seen.their);
    expect(JSON.stringify(seen.our)).not.toMatch(/secret|"x"/);
  });
});
