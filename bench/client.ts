/** What every client is pointed at and signs with. The credentials are invented; nothing leaves loopback. */
export interface Target {
  /** `http://127.0.0.1:port` of the load server. */
  readonly origin: string;
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
  /** Sends `body` to the target's endpoint and resolves to the whole answer. */
  call(body: Uint8Array): Promise<Answer>;
  /** Ends every connection, so that the process can exit. */
  close(): Promise<void>;
}

/**
 * One peer. A file `bench/clients/<name>.ts` that exports a `client` of this shape is a peer; `<name>` is what
 * `--clients` calls it.
 */
export interface BenchClient {
  /** What the peer is, for the table's legend: packages, handler, settings that are not the default. */
  readonly description: string;
  /** npm packages whose versions the header states. */
  readonly packages: readonly string[];
  /** Loads the packages and opens a client. Import them here: the harness reads the file without loading them. */
  open(target: Target): Promise<OpenClient>;
}
