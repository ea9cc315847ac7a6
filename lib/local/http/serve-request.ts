import type { LocalContext } from "../context.ts";
import { ServiceError, validationError } from "../errors.ts";
import { serveOperation } from "../operations/serve-operation.ts";
import { MEMORY_STORE_MAX_BYTES } from "../store/memory-store.ts";
import { S3Error } from "../store/s3-error.ts";
import { OBJECT_OPERATIONS, serveObject } from "../store/s3-routes.ts";
import type { LocalStats } from "../types.ts";
import { answerError, answerS3Error } from "./answer-error.ts";
import type { Exchange } from "./exchange.ts";
import type { Route } from "./router.ts";

/** Serves any request. Never rejects. */
export async function serveRequest(
  context: LocalContext,
  exchange: Exchange,
  route: Route,
  stats: () => LocalStats,
): Promise<void> {
  switch (route.kind) {
    case "operation":
      return serveOperation(context, exchange, route);
    case "object":
      return serveStoreRequest(context, exchange, route);
    case "ping":
      await exchange.answer(200, {});
      return;
    case "stats":
      await exchange.answer(
        200,
        { "content-type": "application/json" },
        `${JSON.stringify(stats(), null, 2)}\n`,
      );
      return;
    case "malformed":
      await answerError(
        exchange,
        validationError("The request's path or query is not well percent-encoded."),
      );
      return;
    case "unknown":
      await answerError(exchange, new ServiceError(404, "UnknownOperationException", "No such operation."));
  }
}

/** Room for the framing of a chunked upload around the largest object. */
const MAX_UPLOAD_BYTES = MEMORY_STORE_MAX_BYTES + 16_777_216;

async function serveStoreRequest(
  { store, stats, verifier, clock }: LocalContext,
  exchange: Exchange,
  { method, bucket, key, path, query }: Extract<Route, { kind: "object" }>,
): Promise<void> {
  const tally = stats.beginObject(OBJECT_OPERATIONS[method] ?? "UnknownObjectOperation");
  const { headers } = exchange;
  try {
    const body = await exchange.readBody(MAX_UPLOAD_BYTES);
    if (body === undefined) {
      throw new S3Error(400, "EntityTooLarge", `An upload may have at most ${MEMORY_STORE_MAX_BYTES} bytes.`);
    }
    await verifier.verify({ method, path, query, headers, body }, "s3");
    const request = { method, address: { bucket, key }, query, headers, body, nowMs: clock.epochNow() };
    await serveObject(store, request, exchange);
    tally.end("ok");
  } catch (error) {
    tally.end(await answerS3Error(exchange, error, path));
  }
}
