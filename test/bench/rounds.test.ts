import { describe, expect, it } from "vitest";
import { orderOf, runRounds } from "../../bench/rounds.ts";

const PEERS = [{ name: "a" }, { name: "b" }, { name: "c" }];

describe("rounds", () => {
  it("reverse their order every other time, and leave the list of peers alone", () => {
    const peers = ["a", "b", "c"];
    expect([0, 1, 2].map((round) => orderOf(peers, round).join(""))).toEqual(["abc", "cba", "abc"]);
    expect(peers).toEqual(["a", "b", "c"]);
  });

  it("measure every peer once each, one at a time, and keep the samples by name", async () => {
    let running = 0;
    const log: string[] = [];
    const samples = await runRounds(PEERS, 2, async ({ name }) => {
      expect(++running).toBe(1);
      await new Promise(setImmediate);
      running--;
      return log.push(name);
    });
    expect(log.join("")).toBe("abccba");
    expect(Object.fromEntries(samples)).toEqual({ a: [1, 6], b: [2, 5], c: [3, 4] });
  });
});
