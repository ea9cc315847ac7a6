export type { BreakerNews, BreakerStore } from "../resilience/breaker/breaker-store.ts";
export {
  type RedisBreakerStoreOptions,
  type RedisClientLike,
  redisBreakerStore,
} from "./redis-breaker-store.ts";
