/** What a text member may be. `allowed` completes the sentence "NAME must be ...". */
export interface TextRule {
  readonly kind: "text";
  readonly allowed: string;
  /** In characters, which are bytes here: every text member travels as ASCII. */
  readonly minLength: number;
  readonly maxLength: number;
  /** Matches a whole value. Looked at only where the length is right. */
  readonly pattern: RegExp;
  /** Whether the value is the caller's secret and never shown. */
  readonly isSensitive: boolean;
}

/** What a whole-number member may be, bounds included. */
export interface IntegerRule {
  readonly kind: "integer";
  readonly min: number;
  readonly max: number;
}

/** What a member that travels in a header or in the path may be: the limits of the service's API model. */
export type Rule = TextRule | IntegerRule;

/**
 * Any text that HTTP lets a header carry. The model allows every ASCII character; control characters other
 * than a tab would end the header or be refused on the way.
 */
const HEADER_TEXT = /^[\t\x20-\x7e]*$/;

/** Name of an endpoint, variant or container. */
export const RESOURCE_NAME = text({
  allowed: "1 to 63 letters, digits and hyphens, beginning and ending with a letter or digit",
  minLength: 1,
  maxLength: 63,
  pattern: /^[a-zA-Z0-9](?:-*[a-zA-Z0-9])*$/,
});

/** A MIME type; the service checks no more than this. */
export const MIME_TYPE = text({
  allowed: "at most 1024 printable ASCII characters",
  maxLength: 1024,
  pattern: HEADER_TEXT,
});

export const CUSTOM_ATTRIBUTES = text({
  allowed: "at most 1024 printable ASCII characters",
  maxLength: 1024,
  pattern: HEADER_TEXT,
  isSensitive: true,
});

/** Path of a model below the S3 prefix of a multi-model endpoint. */
export const TARGET_MODEL = printable(1024);

/** An id of the caller's choice. */
export const ID = printable(64);

export const EXPLANATIONS_EXPRESSION = text({
  allowed: "a JMESPath expression of 1 to 64 printable ASCII characters",
  minLength: 1,
  maxLength: 64,
  pattern: HEADER_TEXT,
});

export const SESSION_ID = text({
  allowed:
    "a session id: 1 to 256 letters, digits and inner hyphens (what stands before the ; in NewSessionId)",
  minLength: 1,
  maxLength: 256,
  pattern: /^[a-zA-Z0-9](?:-*[a-zA-Z0-9])*$/,
  isSensitive: true,
});

/** Asks the model to open a session. */
export const NEW_SESSION = "NEW_SESSION";

export const SESSION_ID_OR_NEW = text({
  allowed: `"${NEW_SESSION}" or ${SESSION_ID.allowed}`,
  minLength: SESSION_ID.minLength,
  maxLength: SESSION_ID.maxLength,
  pattern: /^(?:NEW_SESSION|[a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$/,
  isSensitive: true,
});

export const INPUT_LOCATION = text({
  allowed: "an s3:// or https:// URL of at most 1024 printable ASCII characters",
  minLength: 1,
  maxLength: 1024,
  pattern: /^(?:https|s3):\/\/[\x20-\x2e\x30-\x7e][\x20-\x7e]*$/,
});

export const OUTPUT_PATH_EXTENSION = text({
  allowed: "a path of 1 to 512 letters, digits and ! _ . * ' ( ) / -, without s3: or https: in front",
  minLength: 1,
  maxLength: 512,
  pattern: /^[a-zA-Z0-9!_.*'()/-]+$/,
});

export const FILENAME = text({
  allowed:
    "1 to 32 letters, digits, hyphens, underscores and at most one dot, beginning with a letter or digit",
  minLength: 1,
  maxLength: 32,
  pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]*(?:\.[a-zA-Z0-9_-]*)?$/,
});

/** How long an asynchronous request may wait in its queue, in seconds. */
export const REQUEST_TTL_SECONDS: IntegerRule = { kind: "integer", min: 60, max: 21_600 };

/** How long the container of an asynchronous endpoint may take, in seconds. */
export const INVOCATION_TIMEOUT_SECONDS: IntegerRule = { kind: "integer", min: 1, max: 3_600 };

function printable(maxLength: number): TextRule {
  return text({
    allowed: `1 to ${maxLength} printable ASCII characters, the first not a space`,
    minLength: 1,
    maxLength,
    pattern: /^[\x21-\x7e][\x20-\x7e]*$/,
  });
}

function text(rule: Pick<TextRule, "allowed" | "maxLength" | "pattern"> & Partial<TextRule>): TextRule {
  return { kind: "text", minLength: 0, isSensitive: false, ...rule };
}
