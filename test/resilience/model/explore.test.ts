import { describe, expect, it } from "vitest";
import { type Action, type Exploration, explore, ONE_FUTURE } from "../../support/explore.ts";

/** Two jugs, of 3 and of 5 litres. */
class Jugs {
  small = 0;
  large = 0;
  spilt = 0;
}

function act(name: string, run: (jugs: Jugs) => void): Action<Jugs> {
  return { name, isPossible: () => true, run };
}

const fillSmall = act("fill small", (jugs) => {
  jugs.small = 3;
});
const fillLarge = act("fill large", (jugs) => {
  jugs.large = 5;
});
const emptySmall = act("empty small", (jugs) => {
  jugs.small = 0;
});
const emptyLarge = act("empty large", (jugs) => {
  jugs.large = 0;
});
const smallIntoLarge = act("small into large", (jugs) => pour(jugs, Math.min(jugs.small, 5 - jugs.large)));
const largeIntoSmall = act("large into small", (jugs) => pour(jugs, -Math.min(jugs.large, 3 - jugs.small)));

function pour(jugs: Jugs, litres: number): void {
  jugs.small -= litres;
  jugs.large += litres;
}

const all: Exploration<Jugs> = {
  start: () => new Jugs(),
  actions: [fillSmall, fillLarge, emptySmall, emptyLarge, smallIntoLarge, largeIntoSmall],
  key: ({ small, large }) => `${small} ${large}`,
  future: ({ small, large }) => `${small + large}`,
  always: {},
  maxDepth: 100,
};

describe("the explorer", () => {
  it("visits every state that can be reached, each once", async () => {
    const counterexamples = new Map();
    expect(await explore(all)).toEqual({
      states: 16,
      transitions: 96,
      depth: 7,
      isExhausted: true,
      counterexamples,
    });
  });

  it("says when there was more to explore than it was allowed to", async () => {
    expect(await explore({ ...all, maxDepth: 2 })).toMatchObject({ depth: 2, isExhausted: false });
  });

  it("tells the shortest way to a state that must not be", async () => {
    const fromEverywhere = {
      "never four": ({ large }: Jugs) => {
        if (large === 4) throw new Error("4 litres");
      },
    };
    expect((await explore({ ...all, fromEverywhere })).counterexamples.get("never four")).toBe(
      "4 litres\nafter\n  1. fill large\n  2. large into small\n  3. empty small\n" +
        "  4. large into small\n  5. fill large\n  6. large into small",
    );
  });

  it("tells which step broke what must hold at every step", async () => {
    const always = {
      "nothing is poured away": ({ small }: Jugs) => {
        return () => {
          if (small === 3) throw new Error("poured away");
        };
      },
    };
    const { counterexamples } = await explore({ ...all, actions: [fillSmall, emptySmall], always });
    expect(counterexamples.get("nothing is poured away")).toBe(
      "poured away\nafter\n  1. fill small\n  2. fill small",
    );
  });

  it("takes no step that is not possible", async () => {
    const never = { ...fillSmall, isPossible: () => false };
    expect(await explore({ ...all, actions: [never] })).toMatchObject({ states: 1, transitions: 0 });
  });

  it("notices what a step left behind that the key does not show", async () => {
    const spill = act("spill", (jugs) => {
      jugs.spilt++;
    });
    const future = ({ spilt }: Jugs) => `spilt ${spilt}`;
    const { counterexamples } = await explore({ ...all, actions: [spill], future });
    expect(counterexamples.get(ONE_FUTURE)).toBe(
      "0 0\ngoes on as spilt 1\ninstead of  spilt 0\nafter\n  1. spill",
    );
  });
});
