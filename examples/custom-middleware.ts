// #region custom-middleware
import { InvokeEndpointCommand, type Layer, layer, SageMakerRuntimeClient } from "holdfast";

/** Logs attempts that take longer than `thresholdMs`. Inside of retry: once per attempt. */
function slowLog({ thresholdMs }: { thresholdMs: number }): Layer {
  return layer({ name: "slowLog", relation: "after", toMiddleware: "retry" }, (next) => {
    return async function slowLogAttempt(args) {
      const startedAt = performance.now();
      try {
        return await next(args);
      } finally {
        const isSlow = performance.now() - startedAt >= thresholdMs;
        if (isSlow) console.log("slow:", args.call.target.endpoint, args.attempt?.outcome);
      }
    };
  });
}

await using client = new SageMakerRuntimeClient();
client.middlewareStack.use(slowLog({ thresholdMs: 0 }));
// #endregion

await client.send(new InvokeEndpointCommand({ EndpointName: "churn", Body: "1,2,3" }));
console.log(client.middlewareStack.identify().join("\n"));
