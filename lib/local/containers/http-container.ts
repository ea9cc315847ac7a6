import type { IncomingHttpHeaders } from "node:http";
import { Agent } from "undici";
import type { Clock } from "../../clock.ts";
import type { ContainerRequest } from "../types.ts";
import { type Container, type ContainerAnswer, ContainerUnreachable, type Readiness } from "./container.ts";

/** How long `/ping` may take: the service's own limit. */
const PING_TIMEOUT_MS = 2_000;

/**
 * Servers of Python drop an idle connection after 2 s without saying so; a connection that is not reused
 * later than this cannot meet that.
 */
const IDLE_CONNECTION_MS = 1_000;

/** A container behind a URL. */
export class HttpContainer implements Container {
  #origin: string;
  #basePath: string;
  #clock: Clock;
  #health: "new" | "ready" | "lost" = "new";
  #probe: Promise<number> | undefined;
  /** Time limits are the caller's: this client has none of its own. */
  #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: IDLE_CONNECTION_MS });

  constructor(baseUrl: string, clock: Clock) {
    const url = new URL(baseUrl);
    this.#origin = url.origin;
    this.#basePath = url.pathname.replace(/\/$/, "");
    this.#clock = clock;
  }

  async readiness(): Promise<Readiness> {
    if (this.#health === "ready") return "ready";
    const unready = this.#health === "new" ? "notReady" : "unavailable";
    this.#probe ??= this.#ping().finally(() => {
      this.#probe = undefined;
    });
    const status = await this.#probe;
    if (status !== 200) return unready;
    this.#health = "ready";
    return "ready";
  }

  async invoke({ headers, body, signal }: ContainerRequest): Promise<ContainerAnswer> {
    try {
      const response = await this.#agent.request({
        origin: this.#origin,
        path: `${this.#basePath}/invocations`,
        method: "POST",
        headers: { ...headers },
        body,
        signal,
      });
      const answerHeaders = singleValues(response.headers);
      return { status: response.statusCode, headers: answerHeaders, body: this.#bodyOf(response.body) };
    } catch (error) {
      throw this.#lost(error, signal);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async *#bodyOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      throw new ContainerUnreachable(error);
    }
  }

  /** The status of `/ping`; 0 where it took too long. One probe at a time serves everybody who waits. */
  async #ping(): Promise<number> {
    const timeout = new AbortController();
    const timer = this.#clock.setTimeout(() => timeout.abort(), PING_TIMEOUT_MS, undefined);
    try {
      const path = `${this.#basePath}/ping`;
      const { signal } = timeout;
      const response = await this.#agent.request({ origin: this.#origin, path, method: "GET", signal });
      await response.body.dump();
      return response.statusCode;
    } catch (error) {
      if (timeout.signal.aborted) return 0;
      throw new ContainerUnreachable(error);
    } finally {
      this.#clock.clearTimeout(timer);
    }
  }

  #lost(error: unknown, signal: AbortSignal): ContainerUnreachable {
    if (!signal.aborted && this.#health === "ready") this.#health = "lost";
    return new ContainerUnreachable(error);
  }
}

function singleValues(headers: IncomingHttpHeaders): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) single[name] = Array.isArray(value) ? value.join(",") : value;
  }
  return single;
}
