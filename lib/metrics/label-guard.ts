import { OTHER } from "./sentinels.ts";

/** What the service allows as the name of an endpoint or a variant. */
const NAME = /^[A-Za-z0-9](?:-*[A-Za-z0-9])*$/;
const MAX_NAME_LENGTH = 63;

/** Whether the service allows it as a name. Names come from inputs that are not validated yet: any type. */
export function isName(name: unknown): name is string {
  return typeof name === "string" && name.length <= MAX_NAME_LENGTH && NAME.test(name);
}

/** What a guard makes for each name it lets in. */
export interface GuardOptions<Cells> {
  /** How many names are let in. */
  readonly limit: number;
  readonly create: (label: string) => Cells;
  /** Told each time that something is counted under `_other`. */
  readonly onOverflow: () => void;
}

/**
 * The cells of each value of a label, made on first sight of its name. Names come from outside, and series
 * are never forgotten by themselves: beyond the limit, and for a name that cannot be one, everything is
 * counted in the one set of cells called `_other`. A known name costs one `Map.get`.
 */
export class LabelGuard<Cells> {
  readonly #options: GuardOptions<Cells>;
  readonly #byName = new Map<string, Cells>();
  #other: Cells | undefined;

  constructor(options: GuardOptions<Cells>) {
    this.#options = options;
  }

  get(name: string): Cells {
    return this.#byName.get(name) ?? this.#admit(name);
  }

  /** The cells of a name that was let in. */
  find(name: string): Cells | undefined {
    return this.#byName.get(name);
  }

  /** The cells that a name was counted in last, let in or not. Counts nothing: for scrapes. */
  cellsOf(name: string): Cells {
    return this.#byName.get(name) ?? this.other;
  }

  /** What is counted under `_other`. */
  get other(): Cells {
    this.#other ??= this.#options.create(OTHER);
    return this.#other;
  }

  /** Everything there are cells for, `_other` last. */
  all(): Cells[] {
    const cells = [...this.#byName.values()];
    if (this.#other !== undefined) cells.push(this.#other);
    return cells;
  }

  /** Makes room for another name. */
  delete(name: string): void {
    this.#byName.delete(name);
  }

  #admit(name: string): Cells {
    if (this.#byName.size >= this.#options.limit || !isName(name)) {
      this.#options.onOverflow();
      return this.other;
    }
    const cells = this.#options.create(name);
    this.#byName.set(name, cells);
    return cells;
  }
}
