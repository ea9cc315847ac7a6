import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { answers, hangsUp, part, STREAM_END, STREAM_HEAD, sends } from "../support/behaviours.ts";
import { type Behaviour, FaultyServer, type Script, type TlsIdentity } from "../support/faulty-server.ts";
import { selfSigned } from "../support/self-signed.ts";

const INDEX = pathToFileURL(join(import.meta.dirname, "../../lib/index.ts")).href;

/** Says how it went, and neither closes the client nor exits: the process ends once nothing holds it. */
const PROGRAM = `
  import { InvokeEndpointCommand, InvokeEndpointWithResponseStreamCommand, SageMakerRuntimeClient } from "${INDEX}";
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const client = new SageMakerRuntimeClient({ region: "eu-west-1", endpoint: process.argv[2], credentials });
  const large = new Uint8Array(3_000_000);
  for (const Body of ["1,2", large, "3"]) {
    const output = await client.send(new InvokeEndpointCommand({ EndpointName: "churn", Body }));
    console.log(output.Body.transformToString());
  }
  const stream = await client.send(new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "" }));
  let text = "";
  for await (const { PayloadPart } of stream.Body) {
    text += Buffer.from(PayloadPart.Bytes).toString();
    // A reader that is slower than the service, so that the connection pauses.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  console.log(text.slice(0, 2), text.length);
  const unread = await client.send(new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "" }));
  // All of it has come by then, most of it after the connection was asked to pause.
  await new Promise((resolve) => setTimeout(resolve, 100));
  console.log((await unread.Body.text()).length);
  const next = await client.send(new InvokeEndpointCommand({ EndpointName: "churn", Body: "4" }), { requestTimeout: 5_000 });
  console.log(next.Body.transformToString());
`;

/** Calls that need a connection each, as the service closes those before. */
const RECONNECTING = `
  import { InvokeEndpointCommand, SageMakerRuntimeClient } from "${INDEX}";
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  // A retry follows at once.
  const random = () => 0;
  const client = new SageMakerRuntimeClient({ region: "eu-west-1", endpoint: process.argv[2], credentials, random });
  for (let call = 0; call < 3; call++) {
    const output = await client.send(new InvokeEndpointCommand({ EndpointName: "churn", Body: "1,2" }));
    console.log(output.$metadata.attempts);
  }
`;

/** A call whose answer nobody wants. */
const UNREAD = `
  import { InvokeEndpointWithResponseStreamCommand, SageMakerRuntimeClient } from "${INDEX}";
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const client = new SageMakerRuntimeClient({ region: "eu-west-1", endpoint: process.argv[2], credentials });
  const { $metadata } = await client.send(new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "" }));
  console.log($metadata.httpStatusCode);
`;

async function run(
  script: Script,
  tls?: TlsIdentity,
  text = PROGRAM,
): Promise<{ lines: string[]; server: FaultyServer }> {
  const directory = await mkdtemp(join(tmpdir(), "holdfast-process-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const [program, certificate] = [join(directory, "program.mts"), join(directory, "cert.pem")];
  writeFileSync(program, text);
  writeFileSync(certificate, tls?.cert ?? "");
  const server = await FaultyServer.start(script, tls);
  const env = { ...process.env, ...(tls && { NODE_EXTRA_CA_CERTS: certificate }) };
  const args = ["--import", import.meta.resolve("tsx"), program, server.url];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 100_000 });
  return { lines: stdout.trim().split("\n"), server };
}

const LATE_MS = 300;
const thenUnread: readonly Behaviour[] = [
  sends(STREAM_HEAD, part("x".repeat(90_000)), STREAM_END),
  answers({ body: "on" }),
];
const lateAnswer: Script = [
  answers(),
  (request) => setTimeout(() => answers({ body: "late" })(request), LATE_MS),
  answers(),
  sends(STREAM_HEAD, part("a"), part("b"), STREAM_END),
  ...thenUnread,
];

/** That a process starts and loads the source takes many seconds of a busy machine. */
describe("a process that uses a client", { timeout: 120_000 }, () => {
  it("goes on while a call waits for its answer, and ends with connections at rest", async () => {
    const { lines, server } = await run(lateAnswer);
    expect(lines).toEqual(["7", "late", "7", "ab 2", "90000", "on"]);
    expect(server.connections).toBe(1);
  });

  it("does so over TLS, whatever the size of what goes over it", async () => {
    const large = answers({ body: "x".repeat(200_000) });
    const isResumed: boolean[] = [];
    const last: Behaviour = (request) => {
      isResumed.push((request.socket as TLSSocket).isSessionReused());
      sends(STREAM_HEAD, ...Array<Buffer>(40).fill(part("x".repeat(50_000))), STREAM_END)(request);
    };
    const script = [large, answers(), answers({ headers: { connection: "close" } }), last, ...thenUnread];
    const { lines, server } = await run(script, selfSigned());
    expect(lines).toEqual(["x".repeat(200_000), "7", "7", "xx 2000000", "90000", "on"]);
    expect(server.requests.map(({ body }) => body.length)).toEqual([3, 3_000_000, 1, 0, 0, 1]);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1, 2, 2, 2]);
    expect(isResumed).toEqual([true]);
  });

  it("ends although nobody reads a stream that has come", async () => {
    const { lines } = await run([sends(STREAM_HEAD, part("a"), STREAM_END)], undefined, UNREAD);
    expect(lines).toEqual(["200"]);
  });

  it("forgets a TLS session that is not taken up again", async () => {
    const close = answers({ headers: { connection: "close" } });
    const isReused = (socket: Socket) => (socket as TLSSocket).isSessionReused();
    const { lines, server } = await run(
      ({ socket }) => (isReused(socket) ? hangsUp : close),
      selfSigned(),
      RECONNECTING,
    );
    expect(lines).toEqual(["1", "2", "2"]);
    expect(server.connections).toBe(5);
  });
});
