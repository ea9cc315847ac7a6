import type { Attempt } from "../../../lib/attempt.ts";
import { attemptCancellationError } from "../../../lib/errors/cancellation-error.ts";
import type { HttpResponse } from "../../../lib/http.ts";
import { layer } from "../../../lib/layer.ts";
import { attemptOf, type Layer } from "../../../lib/types.ts";
import type { Answer } from "../fleet/request.ts";
import type { World } from "./policy.ts";

const NO_BYTES = new Uint8Array(0);

/** The innermost layer, in the place of the network: every layer above sees answers in the shape of real ones. */
export function simulatedTransport({ network, clock }: World): Layer {
  return layer({ name: "simulatedTransport", step: "deserialize", priority: "low" }, () => {
    return async function simulatedTransportAttempt(args) {
      const attempt = attemptOf(args);
      const { InferenceId, TargetModel } = args.input as { InferenceId: string; TargetModel?: string };
      if (attempt.cancelled !== undefined) throw attemptCancellationError(attempt);
      attempt.sent = true;
      attempt.lastByteAt = clock.now();
      const { variant } = attempt.target;
      const request = { id: Number(InferenceId), model: TargetModel };
      const answer = await answerTo(attempt, (onAnswer) => network.send(request, variant, onAnswer));
      if (answer === undefined) throw attemptCancellationError(attempt);
      return { response: responseOf(answer, attempt), output: undefined };
    };
  });
}

/** The answer, or nothing where the attempt is ended first. */
function answerTo(
  attempt: Attempt,
  send: (onAnswer: (answer: Answer) => void) => void,
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const end = (answer: Answer | undefined): void => {
      attempt.running = undefined;
      resolve(answer);
    };
    attempt.running = { cancel: () => end(undefined) };
    send(end);
  });
}

/** As it comes from the wire; a broken connection in the shape that Node gives such errors. */
function responseOf(answer: Answer, attempt: Attempt): HttpResponse {
  if (answer.kind === "refused") {
    attempt.sent = false;
    throw Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });
  }
  if (answer.kind === "reset") throw Object.assign(new Error("connection reset"), { code: "ECONNRESET" });
  const { status, code, variant } = answer;
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (code !== undefined) headers["x-amzn-errortype"] = code;
  if (variant !== undefined) headers["x-amzn-invoked-production-variant"] = variant;
  attempt.answered(status, headers);
  return { statusCode: status, headers, body: NO_BYTES };
}
