import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { devNull } from "node:os";
import { fileURLToPath } from "node:url";
import { BenchError } from "./errors.ts";

export interface ForkOptions {
  /** Passed as JSON in the first argument. */
  readonly input: object;
  readonly nodeOptions?: readonly string[];
  /** Added to what the bench lets through of its own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the child when it runs longer, in milliseconds. */
  readonly timeoutMs?: number;
}

/** A process of the bench, and what it wrote to stderr for the error of one that fails. */
export class Child<Message> {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #gone: Promise<unknown>;
  #stderr = "";

  /** Starts a compiled file in a Node process of its own. */
  constructor(name: string, file: URL, { input, nodeOptions = [], environment, timeoutMs }: ForkOptions) {
    this.#name = name;
    this.#process = fork(fileURLToPath(file), [JSON.stringify(input)], {
      execArgv: [...nodeOptions],
      env: { ...childEnvironment(), ...environment },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    if (timeoutMs !== undefined) this.#endAfter(timeoutMs);
    const stderr = this.#process.stderr!.setEncoding("utf8");
    stderr.on("data", (text: string) => {
      this.#stderr += text;
    });
    // The last words may come after the exit. The "close" event, which waits for both, is not emitted in Node 20
    // for a child whose channel the parent closed.
    this.#gone = Promise.all([once(this.#process, "exit"), once(stderr, "close")]);
  }

  send(message: string): void {
    // To a child that is gone nothing can be sent; `next` says so.
    if (this.#process.connected) this.#process.send(message);
  }

  /**
   * The next message.
   *
   * @throws {BenchError} where the child is gone, or goes before it sends one
   */
  next(): Promise<Message> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: unknown) => resolve(message as Message);
      this.#process.once("message", onMessage);
      this.#gone.then(() => {
        this.#process.off("message", onMessage);
        reject(this.#earlyEnd());
      }, reject);
    });
  }

  /** Lets the child go, and resolves when it is gone. */
  async end(): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    await this.#gone;
  }

  /** Not left to `fork`: under Node 26 its timer goes on after the child has gone, and keeps this process from ending. */
  #endAfter(timeoutMs: number): void {
    const timer = setTimeout(() => this.#process.kill(), timeoutMs);
    this.#process.once("exit", () => clearTimeout(timer));
  }

  #earlyEnd(): BenchError {
    const lines = this.#stderr.split("\n");
    const reason = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[0];
    const { exitCode, signalCode } = this.#process;
    return new BenchError(
      `${this.#name} ended early (${signalCode ?? `exit code ${exitCode}`})${reason && `: ${reason}`}`,
    );
  }
}

/** The parent's environment without what would configure a client behind the bench's back. */
function childEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith("AWS_") && name !== "NODE_OPTIONS") environment[name] = value;
  }
  return {
    ...environment,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
}
