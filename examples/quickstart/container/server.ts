import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Classifier } from "../flowers/classifiers.ts";
import { invoke, type Reply, refusal } from "./protocol.ts";

/** Room for some fifty thousand rows; more at once would hold up every other caller of a single process. */
const MAX_BODY_BYTES = 1_048_576;

/**
 * An HTTP server with SageMaker's container contract: `GET /ping` says whether the model is ready,
 * `POST /invocations` asks it.
 *
 * @param model read at each request; `undefined` until the model is trained
 */
export function createContainerServer(model: () => Classifier | undefined): Server {
  const server = createServer(async (request, response) => {
    const { status, contentType, body } = await reply(request, model());
    response.writeHead(status, { "content-type": contentType, "content-length": Buffer.byteLength(body) });
    response.end(body);
  });
  // The caller keeps connections, so the caller closes them: the other way round, a request and the end of
  // its connection could cross.
  server.keepAliveTimeout = 75_000;
  return server;
}

async function reply(request: IncomingMessage, classifier: Classifier | undefined): Promise<Reply> {
  const route = `${request.method} ${request.url?.split("?", 1)[0]}`;
  if (route !== "GET /ping" && route !== "POST /invocations") {
    return refusal(404, `expected GET /ping or POST /invocations, got ${route}`);
  }
  if (classifier === undefined) return refusal(503, "the model is being trained");
  if (route === "GET /ping") return { status: 200, contentType: "text/plain", body: "" };

  const body = await readBody(request);
  if (body === undefined) return refusal(413, `the body must be at most ${MAX_BODY_BYTES} bytes`);
  try {
    return invoke(classifier, request.headers["content-type"], request.headers.accept, body);
  } catch (error) {
    console.error(error);
    return refusal(500, "the model failed; see the container's log");
  }
}

/**
 * `undefined` for a body that is too long. It is read to its end all the same: a caller that is still sending
 * may not see an answer.
 */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  for await (const chunk of request) {
    byteLength += chunk.length;
    if (byteLength <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return byteLength <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString("utf8") : undefined;
}
