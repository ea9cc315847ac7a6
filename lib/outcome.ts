/**
 * How an attempt or a call ended, as metrics, attempt records and events name it. A closed set: it is a
 * label, and it must not grow with traffic.
 */
export const OUTCOMES = [
  "ok",
  "invalid_request",
  "auth",
  "throttled",
  "model_error",
  "model_not_ready",
  "server_error",
  "timeout",
  "connect_error",
  "reset",
  "cancelled",
  "rejected_breaker",
  "rejected_queue",
  "decode_error",
  "other",
] as const;

export type Outcome = (typeof OUTCOMES)[number];
