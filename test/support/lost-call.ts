import type { FallbackOptions } from "../../lib/resilience/fallback/options.ts";
import { type Routes, routedClient } from "./routed-client.ts";

/** A client whose endpoint answers 503, without retries, with these alternatives. */
export function lost(alternatives: FallbackOptions["alternatives"], routes: Routes = {}, options = {}) {
  const config = { fallback: { alternatives, ...options }, retry: false } as const;
  return routedClient({ churn: [503], green: [200], small: [200], ...routes }, config);
}
