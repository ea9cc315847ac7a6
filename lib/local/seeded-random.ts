/**
 * A generator of numbers from 0 up to 1 that gives the same sequence for the same seed (mulberry32: 32 bits
 * of state, a full period, even enough for choices like these; not for secrets).
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A generator of its own for the `index`-th user of a seed, so that users do not shift each other's draws. */
export function derivedRandom(seed: number, index: number): () => number {
  const derive = seededRandom(seed ^ Math.imul(index + 1, 0x9e3779b1));
  return seededRandom(Math.floor(derive() * 4_294_967_296));
}
