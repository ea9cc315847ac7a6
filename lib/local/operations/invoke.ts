import { wholeAnswer } from "../containers/call.ts";
import { TimeLimit } from "../containers/time-limit.ts";
import type { Invocation, LocalContext } from "../context.ts";
import { outcomeOf } from "../http/answer-error.ts";
import type { Exchange } from "../http/exchange.ts";
import { answerHeaders, containerCallOf } from "./container-call.ts";

/** InvokeEndpoint: the container's whole answer. Gives the outcome. */
export async function invoke(
  context: LocalContext,
  exchange: Exchange,
  invocation: Invocation,
): Promise<string> {
  const { clock, containerTimeoutMs, maxBodyBytes } = context;
  const limit = new TimeLimit(clock, containerTimeoutMs, exchange.signal);
  try {
    const { headers, bytes } = await wholeAnswer(
      containerCallOf(invocation, invocation.body, limit, maxBodyBytes),
    );
    const contentType = headers["content-type"];
    const type: Record<string, string> = contentType === undefined ? {} : { "content-type": contentType };
    const end = await exchange.answer(200, { ...answerHeaders(invocation, headers), ...type }, bytes);
    return outcomeOf(end, "ok");
  } finally {
    limit.end();
  }
}
