import type { InternalStreamFailure, ModelStreamError } from "../errors/service-errors.ts";

/** A part of the model's answer. */
export interface PayloadPart {
  /** The model's bytes. A part may begin and end anywhere, also inside a character. */
  Bytes?: Uint8Array | undefined;
}

/**
 * One event of a response stream, of the same type as the official client's. Iteration yields `PayloadPart`
 * members only: the two errors are thrown, and events that this version does not know are skipped.
 */
export type ResponseStream =
  | ResponseStream.InternalStreamFailureMember
  | ResponseStream.ModelStreamErrorMember
  | ResponseStream.PayloadPartMember
  | ResponseStream.$UnknownMember;

export declare namespace ResponseStream {
  interface PayloadPartMember {
    PayloadPart: PayloadPart;
    ModelStreamError?: never;
    InternalStreamFailure?: never;
    $unknown?: never;
  }

  interface ModelStreamErrorMember {
    PayloadPart?: never;
    ModelStreamError: ModelStreamError;
    InternalStreamFailure?: never;
    $unknown?: never;
  }

  interface InternalStreamFailureMember {
    PayloadPart?: never;
    ModelStreamError?: never;
    InternalStreamFailure: InternalStreamFailure;
    $unknown?: never;
  }

  interface $UnknownMember {
    PayloadPart?: never;
    ModelStreamError?: never;
    InternalStreamFailure?: never;
    $unknown: [string, unknown];
  }
}
