import type { ContainerRequest } from "../types.ts";

/** A container's answer while its body is still arriving. */
export interface ContainerAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Whether a container takes requests: `notReady` until its `/ping` has answered 200 once, `unavailable`
 * when it did once and does not now.
 */
export type Readiness = "ready" | "notReady" | "unavailable";

/** Something that serves SageMaker's container contract. */
export interface Container {
  /** @throws {ContainerUnreachable} */
  readiness(): Promise<Readiness>;
  /** @throws {ContainerUnreachable} also out of the body, when the container breaks off */
  invoke(request: ContainerRequest): Promise<ContainerAnswer>;
  close(): Promise<void>;
}

/** No connection to the container, or it was lost before the answer was whole. */
export class ContainerUnreachable extends Error {
  constructor(cause: unknown) {
    super("the container cannot be reached", { cause });
    this.name = "ContainerUnreachable";
  }
}
