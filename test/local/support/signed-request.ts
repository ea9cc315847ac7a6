import { Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { SignatureV4 } from "@smithy/signature-v4";
import { Sha256 } from "../../../lib/sha256.ts";

export interface RequestSpec {
  readonly method?: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array | string;
  readonly service?: "sagemaker" | "s3";
  readonly region?: string;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  readonly signingDate?: Date;
  /** Changes the request after it was signed. */
  readonly tamper?: (headers: Record<string, string>) => void;
  readonly agent?: Agent;
  /** Breaks the connection off when it settles. */
  readonly leave?: Promise<void>;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const LOCAL = { accessKeyId: "local", secretAccessKey: "local" };

/** A request's line and headers, signed. */
export async function signedHeaders(url: string, spec: RequestSpec): Promise<Record<string, string>> {
  const { method = "POST", path, query = {}, headers = {}, body = "", service = "sagemaker" } = spec;
  const { host, hostname, port } = new URL(url);
  const signer = new SignatureV4({
    service,
    region: spec.region ?? "eu-west-1",
    credentials: spec.credentials ?? LOCAL,
    sha256: Sha256,
    uriEscapePath: service !== "s3",
  });
  const signed = await signer.sign(
    {
      method,
      protocol: "http:",
      hostname,
      port: Number(port),
      path,
      query,
      headers: { ...headers, host },
      body,
    },
    { signingDate: spec.signingDate ?? new Date() },
  );
  const result = { ...signed.headers, "content-length": String(Buffer.byteLength(body)) };
  spec.tamper?.(result);
  return result;
}

/** Sends one signed request over a real socket and gives the answer whole, whatever its status. */
export async function send(url: string, spec: RequestSpec): Promise<RawAnswer> {
  const headers = await signedHeaders(url, spec);
  const { method = "POST", path, query = {}, body = "", agent } = spec;
  const search = new URLSearchParams(query).toString();
  const target = search === "" ? path : `${path}?${search}`;
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = {
      hostname,
      port,
      method,
      path: target,
      headers,
      agent: agent ?? new Agent({ maxSockets: 1 }),
    };
    const outgoing = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode = 0, headers: answered } = response;
        if (response.complete)
          resolve({ status: statusCode, headers: answered, body: Buffer.concat(chunks) });
        else reject(new Error("the answer is not complete"));
      });
      response.on("aborted", () => reject(new Error("the answer is not complete")));
    });
    outgoing.on("error", reject);
    void spec.leave?.then(() => outgoing.destroy(new Error("left")));
    outgoing.end(body);
  });
}

/** Calls InvokeEndpoint of `churn`. */
export function invoke(url: string, spec: Partial<RequestSpec> = {}): Promise<RawAnswer> {
  return send(url, { path: "/endpoints/churn/invocations", body: "1,2,3", ...spec });
}

/** The error code and JSON body of an answer. */
export function errorOf({ status, headers, body }: RawAnswer) {
  return {
    status,
    code: headers["x-amzn-errortype"],
    ...(JSON.parse(body.toString()) as Record<string, unknown>),
  };
}
