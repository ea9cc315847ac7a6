import type { AwsCredentialIdentity, Endpoint, Logger } from "@smithy/types";
import { NO_LOG } from "../no-log.ts";
import type { ClientConfig } from "./resolve-config.ts";

/** Options that the AWS SDK's client shows as functions, and what plug-ins read beside them. */
export interface OfficialForm {
  readonly serviceId: "SageMaker Runtime";
  region(): Promise<string>;
  /** `undefined` where requests go to the region's own endpoint. */
  readonly endpoint: (() => Promise<Endpoint>) | undefined;
  credentials(options?: { readonly forceRefresh?: boolean }): Promise<AwsCredentialIdentity>;
  /** Including the first; 1 where `retry` is false. */
  maxAttempts(): Promise<number>;
  retryMode(): Promise<"standard">;
  useFipsEndpoint(): Promise<boolean>;
  useDualstackEndpoint(): Promise<boolean>;
  /** This client writes no log: whatever is written to it is dropped. */
  readonly logger: Logger;
}

/**
 * The options in force, as `client.config` shows them: those of the AWS SDK in its own form, which is what plug-ins
 * such as AWS X-Ray's ask for, and this client's own as they are. It holds no secret that could be printed.
 */
export type ClientConfigView = Readonly<OfficialForm> & Omit<ClientConfig, keyof OfficialForm>;

/** The view of one configuration. Frozen. */
export function viewOf(config: ClientConfig): ClientConfigView {
  const { region, credentials, maxAttempts, useFipsEndpoint, useDualstackEndpoint } = config;
  const view: ClientConfigView = {
    ...config,
    serviceId: "SageMaker Runtime",
    region: async () => region,
    endpoint: config.isCustomEndpoint ? async () => endpointOf(config) : undefined,
    credentials: async (options) =>
      options?.forceRefresh === true ? credentials.refresh() : held(credentials),
    maxAttempts: async () => maxAttempts,
    retryMode: async () => "standard",
    useFipsEndpoint: async () => useFipsEndpoint,
    useDualstackEndpoint: async () => useDualstackEndpoint,
    logger: NO_LOG,
  };
  // A proxy's dispatcher keeps the password of the proxy where whatever prints it finds it.
  return Object.freeze(Object.defineProperty(view, "dispatcher", { enumerable: false }));
}

/** Those that a call would be signed with now. */
function held(credentials: ClientConfig["credentials"]): Promise<AwsCredentialIdentity> {
  // A cast: `undefined` is for a scope that was cancelled, which nobody can do with this one.
  return Promise.resolve(
    credentials.resolve({ running: undefined, cancelled: undefined }),
  ) as Promise<AwsCredentialIdentity>;
}

function endpointOf({ url }: ClientConfig): Endpoint {
  const { protocol, hostname, port, basePath } = url;
  return { protocol, hostname, ...(port !== undefined && { port }), path: basePath === "" ? "/" : basePath };
}
