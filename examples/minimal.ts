// #region minimal
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "holdfast";

const client = new SageMakerRuntimeClient({ callTimeoutMs: 30_000 });

const answer = await client.send(
  new InvokeEndpointCommand({ EndpointName: "churn", ContentType: "text/csv", Body: "1.5,2,0.3" }),
);
console.log("score:", answer.Body.transformToString());
console.log("variant:", answer.InvokedProductionVariant);
console.log("attempts:", answer.$metadata.attempts);
await client.close();
// #endregion
