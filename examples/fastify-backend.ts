/**
 * A service that scores customers: one client for the whole process, an abort when the caller goes away, a
 * status for each kind of failure, and the metrics next to the service's own. `--stay` keeps it running.
 */
import { parseArgs } from "node:util";
import Fastify from "fastify";
import {
  CircuitOpenError,
  ConcurrencyLimitError,
  InvokeEndpointCommand,
  ModelError,
  SageMakerRuntimeClient,
  TimeoutError,
  ValidationError,
} from "holdfast";
import { collectDefaultMetrics, Registry } from "prom-client";

const { values } = parseArgs({ options: { stay: { type: "boolean", default: false } } });

const registry = new Registry();
collectDefaultMetrics({ register: registry });
const client = new SageMakerRuntimeClient({ callTimeoutMs: 5_000, metrics: { registry } });

const app = Fastify();
app.addContentTypeParser("text/csv", { parseAs: "string" }, (_request, body, done) => done(null, body));

app.post("/predict", async (request, reply) => {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const answer = await client.send(
    new InvokeEndpointCommand({
      EndpointName: "churn",
      ContentType: "text/csv",
      Body: String(request.body ?? ""),
    }),
    { abortSignal: gone.signal },
  );
  return { scores: answer.Body.transformToString().split("\n").map(Number) };
});

app.get("/metrics", async (_request, reply) => {
  return reply.type(registry.contentType).send(await registry.metrics());
});

app.setErrorHandler((error, _request, reply) => {
  if (error instanceof CircuitOpenError || error instanceof ConcurrencyLimitError) {
    // Nothing was sent. A breaker that is probing says 0, and one that was opened by hand `Infinity`.
    const seconds = Math.min(60, Math.max(1, Math.ceil(error.retryAfterMs / 1_000)));
    return reply.code(503).header("retry-after", seconds).send({ error: "the model is unavailable" });
  }
  if (error instanceof TimeoutError) return reply.code(504).send({ error: "the model is too slow" });
  if (error instanceof ValidationError || isRefusal(error)) {
    return reply.code(422).send({ error: "the model refused the request" });
  }
  return reply.code(502).send({ error: "the model failed" });
});

/** A container that answers 4xx says that of the request; 5xx and 0, which is none in time, of itself. */
function isRefusal(error: unknown): boolean {
  const status = error instanceof ModelError ? (error.OriginalStatusCode ?? 500) : 500;
  return status >= 400 && status < 500;
}

app.addHook("onClose", () => client.close());
const address = await app.listen({ host: "127.0.0.1", port: 0 });
console.log(`listening on ${address}`);

if (!values.stay) {
  const scored = await app.inject({
    method: "POST",
    url: "/predict",
    headers: { "content-type": "text/csv" },
    payload: "1,2,3\n4,5,6",
  });
  console.log(scored.statusCode, scored.body);
  const metrics = await app.inject({ method: "GET", url: "/metrics" });
  console.log(
    metrics.body.split("\n").find((line) => /requests_total\{.*variant="(blue|green)".*"ok"/.test(line)),
  );
  await app.close();
}
