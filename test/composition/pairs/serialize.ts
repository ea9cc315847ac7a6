import { createHash } from "node:crypto";
import { expect } from "vitest";
import { InvokeEndpointAsyncCommand } from "../../../lib/commands.ts";
import { InvalidInputError } from "../../../lib/errors/local-errors.ts";
import { hedgedClient, LEARNT, SLOW_MS } from "../../support/hedged-client.ts";
import { scriptedClient } from "../../support/scripted-client.ts";
import {
  ended,
  fullClient,
  INVALID,
  LARGE_BODY,
  openStream,
  type Pairs,
  STREAM,
  TRIPS_AT_ONE,
} from "./kit.ts";
import { splitClient } from "./split.ts";

const HASH = "x-amz-content-sha256";

export const serialize: Pairs = {
  singleFlight: [
    "what is the same is said by the requests that are made: text and its bytes are, two targets are not",
    async () => {
      const test = scriptedClient([200], { singleFlight: true });
      await Promise.all([
        test.call({ Body: "1" }),
        test.call({ Body: Buffer.from("1") }),
        test.call({ Body: "1", TargetVariant: "green" }),
      ]);
      expect(test.network.requests).toHaveLength(2);
    },
  ],
  retry: [
    "a payload is made once, and is the same memory at every attempt",
    async () => {
      const test = scriptedClient([503, 200]);
      await ended(test, 1_000);
      const [first, second] = test.network.requests;
      expect(second?.body.buffer).toBe(first?.body.buffer);
      expect(second?.headers[HASH]).toBe(first?.headers[HASH]);
    },
  ],
  hedge: [
    "a hedge sends the payload that was made for the first attempt",
    async () => {
      const test = await hedgedClient();
      test.network.answerWith("silence", 200);
      await ended(test, SLOW_MS);
      const [first, hedge] = test.network.requests.slice(LEARNT);
      expect(hedge?.body.buffer).toBe(first?.body.buffer);
      expect(hedge?.path).toBe(first?.path);
    },
  ],
  split: [
    "the request names the variant that was chosen, and keeps the payload and its hash",
    async () => {
      const test = splitClient({ blue: [200], green: [200] });
      await ended(test);
      await ended(test);
      const [blue, green] = ["blue", "green"].map((place) => test.network.at(place).requests[0]!);
      expect(blue?.headers["x-amzn-sagemaker-target-variant"]).toBe("blue");
      expect(green?.headers["x-amzn-sagemaker-target-variant"]).toBe("green");
      expect(green?.headers[HASH]).toBe(blue?.headers[HASH]);
    },
  ],
  circuitBreaker: [
    "input that is refused moves no breaker, and is refused as such while one is open",
    async () => {
      const test = scriptedClient([200, 503], { retry: false, circuitBreaker: TRIPS_AT_ONE });
      await ended(test);
      await ended(test, 0, INVALID);
      expect([...test.client.breakers].map(({ state }) => state)).toEqual(["closed"]);
      await ended(test);
      expect((await ended(test, 0, INVALID)).error).toBeInstanceOf(InvalidInputError);
    },
  ],
  concurrencyLimit: [
    "input that is refused does not queue for a permit",
    async () => {
      const test = await fullClient([200]);
      expect((await ended(test, 0, INVALID)).error).toBeInstanceOf(InvalidInputError);
    },
  ],
  attemptMetrics: [
    "input that is refused is no attempt",
    async () => {
      const test = scriptedClient([200]);
      await ended(test, 0, INVALID);
      expect(await test.metric("attempts_total", {})).toBe(0);
    },
  ],
  sign: [
    "the signature is of the hash that was made with the payload, however large that is",
    async () => {
      const test = scriptedClient([200]);
      for (const Body of ["1,2", LARGE_BODY]) {
        expect(await test.call({ Body })).toMatchObject({ ok: true });
        const { headers } = test.network.requests.at(-1)!;
        expect(headers[HASH]).toBe(createHash("sha256").update(Body).digest("hex"));
        expect(headers.authorization).toContain(HASH);
      }
    },
  ],
  socketTimeout: [
    "the time that hashing takes is no silence of the service",
    async () => {
      const test = scriptedClient([{ afterMs: 399, answer: 200 }], { timeouts: { socketMs: 400 } });
      const pending = test.call({ Body: LARGE_BODY });
      await test.clock.advance(1_000);
      expect(test.network.requests).toEqual([]);
      while (test.network.inFlight === 0) await test.clock.advance(0);
      await test.clock.advance(399);
      expect((await pending).ok).toBe(true);
    },
  ],
  errorMapper: [
    "input that is refused has an error of its own class and no attempt; the service's refusal is an answer",
    async () => {
      const test = scriptedClient([400]);
      const { error: ours } = await ended(test, 0, INVALID);
      expect(ours).toBeInstanceOf(InvalidInputError);
      expect(ours).toMatchObject({ attempts: [] });
      const { error: theirs } = await ended(test);
      expect(theirs).not.toBeInstanceOf(InvalidInputError);
      expect(theirs).toMatchObject({ name: "ValidationError", attempts: [{ number: 1 }] });
    },
  ],
  deserialize: [
    "an answer is read as the operation that the request was made of says",
    async () => {
      const test = scriptedClient([
        { status: 200, body: "0.9" },
        { status: 202, headers: { "x-amzn-sagemaker-outputlocation": "s3://b/out" } },
        STREAM,
      ]);
      expect((await ended(test)).output?.Body.transformToString()).toBe("0.9");
      const enqueue = new InvokeEndpointAsyncCommand({ EndpointName: "churn", InputLocation: "s3://b/k" });
      expect((await test.client.send(enqueue)).OutputLocation).toBe("s3://b/out");
      expect(await (await openStream(test)).text()).toBe("hello");
    },
  ],
  chaos: [
    "input that is refused meets no chaos",
    async () => {
      const rules = [{ inject: "fault", rate: 1 } as const];
      const test = scriptedClient([200], { chaos: { rules } });
      expect((await ended(test, 0, INVALID)).error).toBeInstanceOf(InvalidInputError);
    },
  ],
};
