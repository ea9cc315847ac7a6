import { rmSync } from "node:fs";
import { environmentOfCore } from "./child/own-core.ts";
import { Child } from "./child-process.ts";
import type { Target } from "./client.ts";
import type { OwnCores } from "./cores.ts";
import { BenchError } from "./errors.ts";
import { runTask, type Task } from "./run-task.ts";
import { makeCertificate } from "./server/certificate.ts";
import type { LoadServerCounts, LoadServerOptions } from "./server/load-server.ts";
import type { LoadServerMessage, LoadServerStatus } from "./server/main.ts";

/** Every client may open as many: that of `holdfast` by default, and more than any part keeps in flight steadily. */
const MAX_SOCKETS = 256;

/** What every measuring process says of the calls it made. */
export interface Counted {
  /** All calls, warm-up included: the load server must have answered as many requests. */
  readonly calls: number;
}

/** What one process measured, and what the load server spent on it. */
export interface Measurement<Sample> {
  readonly sample: Sample;
  /** How long the load server's event loop was busy per request, in microseconds. */
  readonly serverUs: number;
}

export interface LabOptions extends LoadServerOptions {
  /** Serve TLS with a certificate made for the occasion. */
  readonly isTls?: boolean;
  /** Of client and load server. @default wherever the system puts them */
  readonly cores?: OwnCores | undefined;
}

/** A load server in a process of its own, and the measuring processes that call it one after another. */
export class Lab {
  readonly target: Target;
  readonly #build: URL;
  readonly #server: Child<LoadServerMessage>;
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(
    build: URL,
    server: Child<LoadServerMessage>,
    target: Target,
    environment: Readonly<Record<string, string>>,
  ) {
    this.#build = build;
    this.#server = server;
    this.target = target;
    this.#environment = environment;
  }

  /** Runs `work` against a load server, which ends with it. */
  static async use<Result>(
    build: URL,
    { isTls = false, cores, ...options }: LabOptions,
    work: (lab: Lab) => Promise<Result>,
  ): Promise<Result> {
    const certificate = isTls ? makeCertificate() : undefined;
    const server = new Child<LoadServerMessage>("the load server", new URL("server/main.js", build), {
      input: { ...options, ...(certificate && { tls: certificate }) },
      environment: environmentOfCore(cores?.server),
    });
    try {
      const target = targetAt(isTls, portIn(await server.next()));
      // Clients trust it as they would a company's own authority: by the environment, not by an option of theirs.
      const trust = certificate && { NODE_EXTRA_CA_CERTS: certificate.certFile };
      const environment = { ...environmentOfCore(cores?.client), ...trust };
      return await work(new Lab(build, server, target, environment));
    } finally {
      await server.end();
      if (certificate !== undefined) rmSync(certificate.directory, { recursive: true });
    }
  }

  /**
   * Runs one measuring process.
   *
   * @throws {BenchError} where it fails, or the load server did not answer exactly its calls
   */
  async measure<Sample extends Counted>(task: Task): Promise<Measurement<Sample>> {
    const before = await this.#status();
    const sample = await this.run<Sample>(task);
    const after = await this.#status();
    checkCounts(task, sample, before.counts, after.counts);
    return { sample, serverUs: ((after.activeMs - before.activeMs) * 1_000) / sample.calls };
  }

  /**
   * Runs one process where the clients run, whatever it does there.
   *
   * @throws {BenchError} where it fails
   */
  run<Sample>(task: Task): Promise<Sample> {
    const environment = { ...this.#environment, ...task.environment };
    return runTask<Sample>(this.#build, { ...task, environment });
  }

  async #status(): Promise<LoadServerStatus> {
    this.#server.send("status");
    const message = await this.#server.next();
    if ("counts" in message) return message;
    throw new BenchError("the load server sent no counts");
  }
}

/**
 * Checks that every call reached the server whole and once: no client answers from memory, none tries twice.
 *
 * @throws {BenchError} where one did not
 */
export function checkCounts(
  { name }: { readonly name: string },
  { calls }: Counted,
  before: LoadServerCounts,
  after: LoadServerCounts,
): void {
  if (after.refused > before.refused) {
    throw new BenchError(`the load server refused a request of ${name}: ${after.refusal}`);
  }
  const answered = after.answered - before.answered;
  if (answered === calls) return;
  throw new BenchError(`${name} made ${calls} calls, but the load server answered ${answered} requests`);
}

function portIn(message: LoadServerMessage): number {
  if ("port" in message) return message.port;
  throw new BenchError("the load server sent no port");
}

/** For processes that call nobody: a port that nobody listens on. */
export function placeholderTarget(): Target {
  return targetAt(false, 9);
}

/** A client's target: a server on loopback. */
export function targetAt(isTls: boolean, port: number): Target {
  return {
    // The certificate is for the name; without TLS the address spares the look-up.
    origin: isTls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    maxSockets: MAX_SOCKETS,
    region: "eu-west-1",
    // The documentation's example key: the server checks no signature.
    credentials: {
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    },
    endpointName: "bench",
    contentType: "text/csv",
  };
}
