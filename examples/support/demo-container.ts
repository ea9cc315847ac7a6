import type { ContainerRequest, ContainerResponse } from "holdfast/local";

const WORDS = ["Hold", " fast", ":", " the", " storm", " passes", "."];

/** A stand-in for a model: scores rows of CSV, and writes words for anything that is streamed. */
export function demoContainer({ operation, headers, body }: ContainerRequest): ContainerResponse {
  if (operation === "InvokeEndpointWithResponseStream") {
    return { headers: { "content-type": "application/jsonlines" }, body: tokens() };
  }
  const rows = Buffer.from(body).toString("utf8").trim().split("\n");
  const attributes = headers["x-amzn-sagemaker-custom-attributes"];
  return {
    headers: {
      "content-type": "text/csv",
      ...(attributes !== undefined && { "x-amzn-sagemaker-custom-attributes": attributes }),
    },
    body: rows.map(score).join("\n"),
  };
}

async function* tokens(): AsyncGenerator<string> {
  for (const word of WORDS) yield `${JSON.stringify({ token: word })}\n`;
}

/** The logistic function of the sum of a row, so that the same row always gets the same score. */
function score(row: string): string {
  const sum = row.split(",").reduce((total, field) => total + Number(field), 0);
  return (1 / (1 + Math.exp(-sum / 10))).toFixed(4);
}
