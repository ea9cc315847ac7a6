import { request } from "node:http";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Reading, readAnswer } from "./answer-reading.ts";
import { ANSWER, MUTATED_ANSWER } from "./generated-answers.ts";

/** What Node's own client, which is strict and on the parser that undici has too, makes of an answer and its end. */
interface Theirs {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isComplete: boolean;
  readonly refusal: string | undefined;
}

/** A connection on which an answer arrives once the request was written, and then its end. */
class Answering extends Duplex {
  readonly #answer: Buffer;

  constructor(answer: Buffer) {
    super();
    this.#answer = answer;
  }

  override _read(): void {}

  override _write(_chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.push(this.#answer);
    this.push(null);
    done();
  }
}

function readByNode(answer: string): Promise<Theirs> {
  const connection = new Answering(Buffer.from(answer, "latin1"));
  const read = { statusCode: 0, headers: {}, body: "", isComplete: false };
  return new Promise((resolve) => {
    const client = request({ method: "POST", createConnection: () => connection });
    const end = (refusal?: string) => {
      connection.destroy();
      resolve({ ...read, refusal });
    };
    client.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    client.on("upgrade", () => end("upgrade"));
    client.on("response", (response) => {
      read.statusCode = response.statusCode ?? 0;
      read.headers = joined(response.rawHeaders);
      response.setEncoding("latin1");
      response.on("data", (text) => {
        read.body += text;
      });
      response.on("error", () => {});
      response.on("close", () => {
        read.isComplete = response.complete;
        end();
      });
    });
    client.end();
  });
}

function joined(raw: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase();
    const before = headers.get(name);
    headers.set(name, before === undefined ? raw[index + 1]! : `${before}, ${raw[index + 1]}`);
  }
  return Object.fromEntries(headers);
}

function readByUs(answer: string): Reading | undefined {
  try {
    return readAnswer(answer, true);
  } catch {
    return undefined;
  }
}

it("every answer as servers send it is read as by Node's own client", async () => {
  await fc.assert(
    fc.asyncProperty(ANSWER, async (answer) => {
      const { statusCode, headers, body, isComplete } = readAnswer(answer, true);
      expect(await readByNode(answer)).toEqual({ statusCode, headers, body, isComplete, refusal: undefined });
    }),
    { numRuns: 500 },
  );
});

it("no answer is accepted that Node's own client refuses, or reads in another way, however it is spoilt", async () => {
  const counts = { accepted: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(MUTATED_ANSWER, async (answer) => {
      const ours = readByUs(answer);
      if (ours?.isComplete !== true) {
        counts.refused++;
        return;
      }
      const theirs = await readByNode(answer.slice(0, answer.length - ours.left));
      // Extensions say nothing here and end where their line does: which of them are well-formed does not matter.
      if (theirs.refusal === "HPE_INVALID_CHUNK_SIZE" && /^[\da-f]+;/im.test(answer)) return;
      counts.accepted++;
      const { statusCode, headers, body } = ours;
      expect({ ...theirs, answer }).toEqual({
        ...{ statusCode, headers, body, isComplete: true, refusal: undefined, answer },
      });
    }),
    { numRuns: 3_000 },
  );
  expect(counts.accepted).toBeGreaterThan(500);
  expect(counts.refused).toBeGreaterThan(500);
});
