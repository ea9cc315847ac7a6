// #region aws-sdk-plugin
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { resilience } from "holdfast/plugin";

const layers = resilience({ callTimeoutMs: 30_000, retry: { maxAttempts: 4 } });
const client = new SageMakerRuntimeClient({ extensions: [layers] });
client.middlewareStack.use(layers);

const answer = await client.send(
  new InvokeEndpointCommand({ EndpointName: "churn", ContentType: "text/csv", Body: "1.5,2,0.3" }),
);
console.log("score:", answer.Body.transformToString(), "attempts:", answer.$metadata.attempts);
// #endregion

for (const { target, state } of layers.breakers) console.log(`breaker of ${target.endpoint}: ${state}`);
client.destroy();
