import { checkInteger, invalidOption } from "../../validate.ts";
import type { ContainerHandler, ContainerRequest, ContainerResponse } from "../types.ts";
import type { Container, ContainerAnswer, Readiness } from "./container.ts";

/** A container that is a function in this process: always ready. */
export class HandlerContainer implements Container {
  #handler: ContainerHandler;

  constructor(handler: ContainerHandler) {
    this.#handler = handler;
  }

  async readiness(): Promise<Readiness> {
    return "ready";
  }

  async invoke(request: ContainerRequest): Promise<ContainerAnswer> {
    const { status = 200, headers = {}, body = "" } = await this.#answer(request);
    return { status, headers: lowerCaseNames(headers), body: chunksOf(body) };
  }

  async close(): Promise<void> {}

  /** A handler that throws is a container that answers 500, as web frameworks do. */
  async #answer(request: ContainerRequest): Promise<ContainerResponse> {
    try {
      return checkAnswer(await this.#handler(request));
    } catch (error) {
      return { status: 500, body: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** @throws {RangeError} what a test's own handler does wrong is told to the test */
function checkAnswer(answer: ContainerResponse): ContainerResponse {
  if (typeof answer !== "object" || answer === null)
    throw invalidOption("a handler's answer", "an object", answer);
  const { status = 200, body = "" } = answer;
  checkInteger("a handler's status", status, 100, 999);
  const isBody = typeof body === "string" || body instanceof Uint8Array || isAsyncIterable(body);
  if (!isBody) throw invalidOption("a handler's body", "text, bytes or an async iterable of them", body);
  return answer;
}

function isAsyncIterable(body: object): boolean {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

/** The default container: it answers with the bytes it got, under the content type it got. */
export function echoHandler({ headers, body }: ContainerRequest): ContainerResponse {
  return { headers: { "content-type": headers["content-type"] ?? "application/octet-stream" }, body };
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

async function* chunksOf(body: NonNullable<ContainerResponse["body"]>): AsyncGenerator<Uint8Array> {
  if (typeof body === "string" || body instanceof Uint8Array) {
    if (body.length > 0) yield bytesOf(body);
    return;
  }
  for await (const chunk of body) yield bytesOf(chunk);
}

function bytesOf(chunk: Uint8Array | string): Uint8Array {
  return typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}
