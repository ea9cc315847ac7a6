// #region response-stream
import { InvokeEndpointWithResponseStreamCommand, SageMakerRuntimeClient } from "holdfast";

await using client = new SageMakerRuntimeClient();

const stream = await client.send(
  new InvokeEndpointWithResponseStreamCommand({
    EndpointName: "llm",
    ContentType: "application/json",
    Body: JSON.stringify({ inputs: "How do I get through this?" }),
  }),
);
// A part may end anywhere, even inside a character: the helpers put lines together again.
for await (const { token } of stream.Body.jsonLines<{ token: string }>()) process.stdout.write(token);
process.stdout.write("\n");
// #endregion

// The parts as they come, in the official client's form. Leaving the loop closes the HTTP stream.
const again = await client.send(
  new InvokeEndpointWithResponseStreamCommand({ EndpointName: "llm", Body: "{}" }),
);
let bytes = 0;
for await (const event of again.Body) {
  bytes += event.PayloadPart?.Bytes?.byteLength ?? 0;
  if (bytes > 40) break;
}
console.log(`left after ${bytes} bytes`);
