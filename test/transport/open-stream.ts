import { ByteStream } from "../../lib/transport/byte-stream.ts";

/** A transport that counts what it is asked. */
class CountingSource {
  resumed = 0;
  cancelled = 0;
  resume(): void {
    this.resumed++;
  }
  cancel(): void {
    this.cancelled++;
  }
}

/** A stream, its transport, and what its end was told. */
export function open() {
  const source = new CountingSource();
  const stream = new ByteStream(source);
  const ends: unknown[] = [];
  stream.end.onEnd((error) => ends.push(error));
  return { source, stream, ends };
}

export function chunk(...bytes: number[]): Uint8Array {
  return Uint8Array.from(bytes);
}
