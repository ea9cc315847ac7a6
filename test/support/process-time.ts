import { vi } from "vitest";

/** Has each look at `performance.now()` find so many milliseconds gone, until mocks are restored. */
export function passesAtEachLook(ms: number): void {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += ms));
}
