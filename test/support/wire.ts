import type { SerializeSettings } from "../../lib/operations/operation.ts";

/** Settings of a client of us-east-1 that adds no header of its own. */
export const SETTINGS: SerializeSettings = {
  url: {
    protocol: "https:",
    hostname: "runtime.sagemaker.us-east-1.amazonaws.com",
    port: undefined,
    host: "runtime.sagemaker.us-east-1.amazonaws.com",
    basePath: "",
  },
  maxBodyBytes: 26_214_400,
  fixedHeaders: {},
};

/** For answers that are no streams. */
export const NO_CONTEXT = {
  mapError(error: unknown): Error {
    throw error;
  },
};
