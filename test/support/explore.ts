/** One thing that can be done to a system. */
export interface Action<S> {
  /** As a step of a counterexample reads. */
  readonly name: string;
  readonly isPossible: (system: S) => boolean;
  readonly run: (system: S) => void | Promise<void>;
}

/** Looks at a system before a step, and gives back what looks at it afterwards and throws if something is wrong. */
export type StepInvariant<S> = (system: S, action: Action<S>) => () => void;

/** A system, what can be done to it, when two of its states are the same, and what must hold. */
export interface Exploration<S> {
  readonly start: () => S;
  readonly actions: readonly Action<S>[];
  /** Everything that what comes next depends on. States of one key are explored once. */
  readonly key: (system: S) => string;
  /**
   * How a system goes on from here, as far as one can see. It must be the same along every way to a state:
   * otherwise the key leaves something out, or a step has left something behind that it should not have.
   */
  readonly future: (system: S) => string | Promise<string>;
  /** By name: what must hold at every step. */
  readonly always: Readonly<Record<string, StepInvariant<S>>>;
  /** By name: what must be possible from every state on; the system may be run further for it. */
  readonly fromEverywhere?: Readonly<Record<string, (system: S) => void | Promise<void>>>;
  /** Steps after which it goes no further. */
  readonly maxDepth: number;
}

/** What was seen. */
export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** Steps from the start to the state farthest from it. */
  readonly depth: number;
  /** Whether there was nothing left to explore within `maxDepth`. */
  readonly isExhausted: boolean;
  /** The shortest way to break each invariant that can be broken, by its name. */
  readonly counterexamples: ReadonlyMap<string, string>;
}

/** The name under which {@link Exploration.future} is judged. */
export const ONE_FUTURE = "a state goes on in one way, whatever led to it";

/** {@inheritDoc Explorer} */
export function explore<S>(exploration: Exploration<S>): Promise<Explored> {
  return new Explorer(exploration).run();
}

/**
 * Visits every state that actions lead to, those nearest to the start first, so that the first counterexample is
 * also the shortest. It is the real system that runs: as that cannot be copied, each path is run from its start.
 */
class Explorer<S> {
  readonly #exploration: Exploration<S>;
  readonly #futures = new Map<string, string>();
  readonly #counterexamples = new Map<string, string>();
  #transitions = 0;

  constructor(exploration: Exploration<S>) {
    this.#exploration = exploration;
  }

  async run(): Promise<Explored> {
    const { start, maxDepth } = this.#exploration;
    await this.#visit(start(), []);
    let frontier: Action<S>[][] = [[]];
    let depth = 0;
    for (; depth < maxDepth; depth++) {
      const next = await this.#expand(frontier);
      if (next.length === 0) break;
      frontier = next;
    }
    return {
      states: this.#futures.size,
      transitions: this.#transitions,
      depth,
      isExhausted: depth < maxDepth,
      counterexamples: this.#counterexamples,
    };
  }

  /** The paths to those states that one more step leads to for the first time. */
  async #expand(paths: readonly Action<S>[][]): Promise<Action<S>[][]> {
    const found: Action<S>[][] = [];
    for (const path of paths) {
      const from = await this.#replay(path);
      for (const action of this.#exploration.actions.filter(({ isPossible }) => isPossible(from))) {
        const system = await this.#replay(path);
        const longer = [...path, action];
        await this.#step(system, longer);
        if (await this.#visit(system, longer)) found.push(longer);
      }
    }
    return found;
  }

  async #step(system: S, path: readonly Action<S>[]): Promise<void> {
    const action = path.at(-1)!;
    const checks = Object.entries(this.#exploration.always).map(
      ([name, before]) => [name, before(system, action)] as const,
    );
    this.#transitions++;
    await action.run(system);
    for (const [name, check] of checks) await this.#judge(name, path, check);
  }

  /**
   * Ends the life of a system, which is where a path leads to.
   *
   * @returns whether nobody was here before
   */
  async #visit(system: S, path: readonly Action<S>[]): Promise<boolean> {
    const key = this.#exploration.key(system);
    const future = await this.#exploration.future(system);
    const known = this.#futures.get(key);
    if (known !== undefined) {
      await this.#judge(ONE_FUTURE, path, () => {
        if (known !== future) throw new Error(`${key}\ngoes on as ${future}\ninstead of  ${known}`);
      });
      return false;
    }
    this.#futures.set(key, future);
    for (const [name, check] of Object.entries(this.#exploration.fromEverywhere ?? {})) {
      const again = await this.#replay(path);
      await this.#judge(name, path, () => check(again));
    }
    return true;
  }

  async #replay(path: readonly Action<S>[]): Promise<S> {
    const system = this.#exploration.start();
    for (const { run } of path) {
      const running = run(system);
      // A turn of the loop for every step would take most of the time.
      if (running !== undefined) await running;
    }
    return system;
  }

  async #judge(name: string, path: readonly Action<S>[], check: () => void | Promise<void>): Promise<void> {
    if (this.#counterexamples.has(name)) return;
    try {
      await check();
    } catch (error) {
      const steps = path.map((action, index) => `  ${index + 1}. ${action.name}`).join("\n");
      this.#counterexamples.set(name, `${(error as Error).message}\nafter\n${steps || "  nothing"}`);
    }
  }
}
