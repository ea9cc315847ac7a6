/** What every client is pointed at and signs with. The credentials are invented; nothing leaves loopback. */
export interface Target {
  /** Of the load server: `http://127.0.0.1:port`, or `https://localhost:port`. */
  readonly origin: string;
  /** Connections that a client may open: enough for what a part keeps in flight. */
  readonly maxSockets: number;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly endpointName: string;
  readonly contentType: string;
}

/** An answer as its caller got it. The harness checks both members of every answer. */
export interface Answer {
  readonly status: number;
  /** The whole payload as bytes. */
  readonly body: Uint8Array;
}

/** One opened client: what the measured process runs. */
export interface OpenClient {
  /**
   * Sends `body` to the target's endpoint and resolves to the whole answer. A client that takes a signal passes
   * it on, where there is one.
   */
  call(body: Uint8Array, abortSignal?: AbortSignal): Promise<Answer>;
  /** Ends every connection, so that the process can exit. */
  close(): Promise<void>;
}

/** One opened client whose answers are streams. */
export interface OpenStreamClient {
  /** Sends `body` to the target's endpoint; the parts are the payloads of the answer's event stream. */
  stream(body: Uint8Array): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/**
 * One peer. A file `bench/clients/<name>.ts` that exports a `client` of this shape is a peer; `<name>` is what
 * `--clients` calls it. In `bench/stream-clients/` the same name opens a client of streams.
 */
export interface BenchClient<Opened = OpenClient> {
  /** What the peer is, for the table's legend: packages, handler, settings that are not the default. */
  readonly description: string;
  /** npm packages whose versions the header states. */
  readonly packages: readonly string[];
  /** Whether it sends without a signature: a yardstick, for the service would refuse it. @default false */
  readonly isUnsigned?: true;
  /** Loads the packages and opens a client. Import them here: the harness reads the file without loading them. */
  open(target: Target): Promise<Opened>;
}
