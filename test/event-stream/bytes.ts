import fc from "fast-check";

/** Bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function hex(value: Uint8Array): string {
  return Buffer.from(value).toString("hex");
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "hex"));
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** The same bytes in chunks that end at the given places; each chunk has memory of its own. */
export function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (whole.length + 1))), whole.length];
  ends.sort((a, b) => a - b);
  let start = 0;
  return ends.map((end) => {
    const chunk = whole.slice(start, end);
    start = end;
    return chunk;
  });
}

/** Where to cut. */
export const places = fc.array(fc.nat(100_000), { maxLength: 12 });
