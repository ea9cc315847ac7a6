import type { OperationName } from "../types.ts";

/** A modelled request header: its rules, and the name under which the container gets it. */
export interface Member {
  /** As the service's messages call it. */
  readonly name: string;
  /** In lower case. */
  readonly header: string;
  /** In lower case; undefined: it is for the service, not for the container. */
  readonly containerHeader: string | undefined;
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern: RegExp | undefined;
  /** Set for whole numbers: lowest and highest value. */
  readonly range?: readonly [number, number];
  readonly isSensitive?: boolean;
}

/** What endpoints and variants may be called. */
export const NAME_PATTERN = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;
const PRINTABLE_PATTERN = /^\S[\x20-\x7e]*$/;
const ASCII_PATTERN = /^\p{ASCII}*$/u;
const COMPONENT_PATTERN = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

/** The member of the path. */
export const ENDPOINT_NAME: Member = member("endpointName", "", 0, 63, NAME_PATTERN);

const X = "x-amzn-sagemaker-";

const SHARED: readonly Member[] = [
  { ...member("customAttributes", `${X}custom-attributes`, 0, 1024, ASCII_PATTERN), isSensitive: true },
  member("inferenceId", `${X}inference-id`, 1, 64, PRINTABLE_PATTERN),
];

const ROUTED: readonly Member[] = [
  member("contentType", "content-type", 0, 1024, ASCII_PATTERN),
  member("targetVariant", `${X}target-variant`, 0, 63, NAME_PATTERN),
  member("targetContainerHostname", `${X}target-container-hostname`, 0, 63, NAME_PATTERN),
  member("inferenceComponentName", `${X}inference-component`, 0, 63, COMPONENT_PATTERN),
  member("prefixAwareId", `${X}prefix-aware-id`, 1, 64, PRINTABLE_PATTERN),
];

const SESSION_ID = `${X}session-id`;
const SESSION_PATTERN = /^(NEW_SESSION|[a-zA-Z0-9](-*[a-zA-Z0-9])*)$/;

/** Every header that each operation models; the container gets no other. */
export const MEMBERS: Readonly<Record<OperationName, readonly Member[]>> = {
  InvokeEndpoint: [
    ...SHARED,
    ...ROUTED,
    member("accept", "accept", 0, 1024, ASCII_PATTERN),
    member("targetModel", `${X}target-model`, 1, 1024, PRINTABLE_PATTERN),
    member("enableExplanations", `${X}enable-explanations`, 1, 64, undefined),
    member("sessionId", SESSION_ID, 0, 256, SESSION_PATTERN),
  ],
  InvokeEndpointWithResponseStream: [
    ...SHARED,
    ...ROUTED,
    { ...member("accept", `${X}accept`, 0, 1024, ASCII_PATTERN), containerHeader: "accept" },
    // A stream cannot open a session: NEW_SESSION is no id.
    member("sessionId", SESSION_ID, 0, 256, NAME_PATTERN),
  ],
  InvokeEndpointAsync: [
    ...SHARED,
    { ...member("contentType", `${X}content-type`, 0, 1024, ASCII_PATTERN), containerHeader: "content-type" },
    { ...member("accept", `${X}accept`, 0, 1024, ASCII_PATTERN), containerHeader: "accept" },
    forService(member("inputLocation", `${X}inputlocation`, 1, 1024, /^(https|s3):\/\/([^/]+)\/?(.*)$/)),
    forService(
      member(
        "s3OutputPathExtension",
        `${X}s3outputpathextension`,
        1,
        512,
        /^(?!s3:|https:)[a-zA-Z0-9!_.*'()/-]+$/,
      ),
    ),
    forService(member("filename", `${X}filename`, 1, 32, /^(?!.*\..*\.)[a-zA-Z0-9][a-zA-Z0-9-_.]*$/)),
    forService({
      ...member("requestTTLSeconds", `${X}requestttlseconds`, 1, 16, undefined),
      range: [60, 21_600],
    }),
    forService({
      ...member("invocationTimeoutSeconds", `${X}invocationtimeoutseconds`, 1, 16, undefined),
      range: [1, 3_600],
    }),
  ],
};

function member(
  name: string,
  header: string,
  minLength: number,
  maxLength: number,
  pattern: RegExp | undefined,
): Member {
  return { name, header, containerHeader: header, minLength, maxLength, pattern };
}

function forService(rules: Member): Member {
  return { ...rules, containerHeader: undefined };
}
