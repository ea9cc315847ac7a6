import {
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
  type SageMakerRuntimeClientConfig,
} from "@aws-sdk/client-sagemaker-runtime";

/** What the official client puts on the wire, as far as configuration decides it. */
export interface OfficialRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Record<string, string>;
}

const CAPTURED = new Error("captured");

/** The request that the official client would send, with `config` given to it. Nothing is sent. */
export async function officialRequest(config: SageMakerRuntimeClientConfig): Promise<OfficialRequest> {
  let captured: OfficialRequest | undefined;
  const client = new SageMakerRuntimeClient({
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
    ...config,
    requestHandler: {
      handle(request: OfficialRequest) {
        captured = request;
        return Promise.reject(CAPTURED);
      },
    },
  });
  const error = await client
    .send(new InvokeEndpointCommand({ EndpointName: "e", Body: "" }))
    .catch((e: unknown) => e);
  if (captured === undefined) throw error;
  return captured;
}
