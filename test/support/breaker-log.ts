import type { BreakerNews, BreakerStore } from "../../lib/resilience/breaker/breaker-store.ts";

/** A store in this process's memory, which may be down or hang, and hold what no breaker has said. */
export class BreakerLog {
  readonly entries: unknown[] = [];
  state: "up" | "down" | "hangs" = "up";
  reads = 0;

  /** The store as one process of the fleet has it. */
  reader(): BreakerStore {
    let next = 0;
    return {
      publish: async (news: BreakerNews) => {
        await this.#answer();
        this.entries.push(news);
      },
      read: async () => {
        this.reads++;
        await this.#answer();
        const news = this.entries.slice(next);
        next = this.entries.length;
        return news;
      },
    };
  }

  async #answer(): Promise<void> {
    if (this.state === "down") throw new Error("the store is down");
    if (this.state === "hangs") await new Promise(() => {});
  }
}
