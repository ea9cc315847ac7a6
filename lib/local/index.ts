export { parseFaultScript } from "./faults/parse.ts";
export type {
  CloseKeepAliveFault,
  Fault,
  FaultMatch,
  FaultRule,
  FaultScript,
  LatencyDistribution,
  LatencyFault,
  LatencyPoint,
  NotReadyFault,
  ResetFault,
  SlowBytesFault,
  StallFault,
  StatusFault,
  TruncateFault,
} from "./faults/script.ts";
export { startLocalEndpoint } from "./server.ts";
export type {
  AsyncStats,
  ContainerHandler,
  ContainerRequest,
  ContainerResponse,
  LocalCredentials,
  LocalEndpoint,
  LocalEndpointOptions,
  LocalStats,
  OperationName,
  OutcomeCounts,
  VariantSpec,
  VariantStats,
} from "./types.ts";
