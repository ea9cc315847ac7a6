/**
 * How much a call matters when there is not enough for all, first to last served. `critical`: a user is
 * waiting and the page is nothing without it; `standard`: most calls; `sheddable`: may be lost whenever there
 * is pressure, such as prefetching and back-fills.
 */
export const PRIORITIES = ["critical", "standard", "sheddable"] as const;

export type CallPriority = (typeof PRIORITIES)[number];

/** The place of a class in the order of serving. */
export const PRIORITY_RANK: Readonly<Record<CallPriority, number>> = {
  critical: 0,
  standard: 1,
  sheddable: 2,
};
