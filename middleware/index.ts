export { type CircuitBreakerLayer, circuitBreaker } from "./circuit-breaker.ts";
export { type DeadlineOptions, deadline } from "./deadline.ts";
export { type DeserializeOptions, deserialize } from "./deserialize.ts";
export { type ErrorMapperOptions, errorMapper } from "./error-mapper.ts";
export { metrics } from "./metrics.ts";
export { retry } from "./retry.ts";
export { serialize } from "./serialize.ts";
export { type SignOptions, sign } from "./sign.ts";
export { type SocketTimeoutOptions, socketTimeout } from "./socket-timeout.ts";
