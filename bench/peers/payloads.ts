/** What an event of a response stream may be, of either client. */
interface StreamEvent {
  readonly PayloadPart?: { readonly Bytes?: Uint8Array | undefined } | undefined;
}

/** @throws {Error} for an event that is no part of the payload */
export async function* payloadsOf(events: AsyncIterable<StreamEvent> | undefined): AsyncIterable<Uint8Array> {
  if (events === undefined) throw new Error("an answer without a stream");
  for await (const { PayloadPart } of events) {
    if (PayloadPart?.Bytes === undefined) throw new Error("an event that is no part of the payload");
    yield PayloadPart.Bytes;
  }
}
