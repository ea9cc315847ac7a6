export type { AttemptKind, AttemptRecord } from "./attempt.ts";
export { SageMakerRuntimeClient } from "./client.ts";
export type { Clock } from "./clock.ts";
export {
  type Command,
  type Command as $Command,
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from "./commands.ts";
export type { SageMakerRuntimeClientConfig, TimeoutOptions } from "./config/client-config.ts";
export type { ResilienceOptions } from "./config/resilience-config.ts";
export { CredentialsProviderError } from "./credentials/credentials-provider-error.ts";
export { ConcurrencyLimitError, type LimitRefusal } from "./errors/concurrency-limit-error.ts";
export {
  AbortError,
  CircuitOpenError,
  ConnectionError,
  type ConnectionPhase,
  HoldfastError,
  InvalidInputError,
  InvalidResponseError,
  NotSentError,
  type OpenCause,
  type TimeoutClock,
  TimeoutError,
} from "./errors/local-errors.ts";
export {
  InternalDependencyException,
  InternalFailure,
  InternalStreamFailure,
  ModelError,
  ModelNotReadyException,
  ModelStreamError,
  ServiceUnavailable,
  ValidationError,
} from "./errors/service-errors.ts";
export { SageMakerRuntimeServiceException } from "./errors/service-exception.ts";
export { ResponseStreamBody } from "./event-stream/response-stream.ts";
export type { PayloadPart, ResponseStream } from "./event-stream/types.ts";
export { layer, type Placement, type RelativePlacement, type StepPlacement } from "./layer.ts";
export type { BucketPreset } from "./metrics/buckets.ts";
export type { MetricsOptions } from "./metrics/options.ts";
export type { RegistryLike } from "./metrics/registry-view.ts";
export { removeEndpointMetrics } from "./metrics/shared-storage.ts";
export type {
  InvokeEndpointCommandInput,
  InvokeEndpointCommandOutput,
  InvokeEndpointInput,
  InvokeEndpointOutput,
} from "./operations/invoke-endpoint.ts";
export type {
  InvokeEndpointAsyncCommandInput,
  InvokeEndpointAsyncCommandOutput,
  InvokeEndpointAsyncInput,
  InvokeEndpointAsyncOutput,
} from "./operations/invoke-endpoint-async.ts";
export type {
  InvokeEndpointWithResponseStreamCommandInput,
  InvokeEndpointWithResponseStreamCommandOutput,
  InvokeEndpointWithResponseStreamInput,
  InvokeEndpointWithResponseStreamOutput,
} from "./operations/invoke-endpoint-with-response-stream.ts";
export type { Outcome } from "./outcome.ts";
export { presets } from "./presets.ts";
export type { ResponseBytes } from "./protocol/response-bytes.ts";
export type { Breaker } from "./resilience/breaker/breaker.ts";
export type { BreakerSnapshot } from "./resilience/breaker/breaker-snapshot.ts";
export type { BreakerState, BreakerTransition } from "./resilience/breaker/breaker-state.ts";
export type { BreakerNews, BreakerStore } from "./resilience/breaker/breaker-store.ts";
export type { CircuitBreakerOptions } from "./resilience/breaker/options.ts";
export {
  TimeWindowBreaker,
  type TimeWindowBreakerOptions,
} from "./resilience/breaker/time-window-breaker.ts";
export type {
  ChaosAnswer,
  ChaosFault,
  ChaosLatency,
  ChaosOptions,
  ChaosOutcome,
  ChaosRule,
  ChaosTarget,
} from "./resilience/chaos/options.ts";
export type { FallbackCause, FallbackKind, FallbackMetadata } from "./resilience/fallback/metadata.ts";
export type {
  AnswerAlternative,
  ClientAlternative,
  ComponentAlternative,
  EndpointAlternative,
  FallbackAlternative,
  FallbackAnswer,
  FallbackBytes,
  FallbackClient,
  FallbackContext,
  FallbackOptions,
  FallbackReason,
  FallbackReasons,
  VariantAlternative,
} from "./resilience/fallback/options.ts";
export type { ConcurrencyLimiter } from "./resilience/limiter/concurrency-limiter.ts";
export type { ConcurrencyLimitOptions, LimitAlgorithm } from "./resilience/limiter/options.ts";
export type { CallPriority } from "./resilience/limiter/priority.ts";
export type {
  HedgeOptions,
  RetryBudgetOptions,
  RetryMode,
  RetryOptions,
  WarmUpOptions,
} from "./resilience/options.ts";
export type { OutlierOptions, SplitOptions } from "./resilience/split/options.ts";
export {
  type ResilienceFileOptions,
  type ResilienceSource,
  resilienceFromFile,
} from "./resilience-file/resilience-file.ts";
export { SageMakerRuntime } from "./sage-maker-runtime.ts";
export type { SendOptions } from "./send-options.ts";
export type { CallArgs, CallHandler, CallMetadata, CallMiddleware, CallResult, Layer } from "./types.ts";
export {
  type ModelReadyWaiterConfiguration,
  type ModelReadyWaiterResult,
  waitUntilModelReady,
} from "./wait-until-model-ready.ts";
