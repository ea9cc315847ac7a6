/** No permit is free. Those that are given are no 0. */
export const NO_PERMIT = 0;

/** More than can be held at once. */
const HELD_BEYOND = 2 ** 24;

/**
 * A permit is a number, so that giving one allocates nothing. It says what is needed at its return: how many were held
 * when it was given, itself included, and in which spell of pacing that was, 0 for none.
 */
export function permitOf(held: number, spell: number): number {
  return spell * HELD_BEYOND + held;
}

export function heldWith(permit: number): number {
  return Math.abs(permit) % HELD_BEYOND;
}

export function spellOf(permit: number): number {
  return permit < 0 ? 0 : Math.floor(permit / HELD_BEYOND);
}

/** What a permit becomes when its attempt is answered and goes on: of no spell any more, and known to be answered. */
export function answeredPermit(permit: number): number {
  return -heldWith(permit);
}

export function isAnswered(permit: number): boolean {
  return permit < 0;
}
