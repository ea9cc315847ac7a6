import type { FallbackReason } from "./options.ts";

/** What an alternative is. */
export type FallbackKind = "variant" | "component" | "endpoint" | "client" | "function" | "constant";

/** Why an alternative was asked. `other`: a function said that the error is a reason, and no kind of ours names it. */
export type FallbackCause = FallbackReason | "other";

/** `$metadata.fallback` of an answer that an alternative gave. */
export interface FallbackMetadata {
  /** Its place in the list, from 0. */
  readonly index: number;
  readonly kind: FallbackKind;
  readonly name: string;
  /** What the call was lost for. */
  readonly reason: FallbackCause;
}
