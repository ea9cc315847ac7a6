import { Command } from "commander";
import { decimal, region, text, wholeNumber } from "../flags.ts";

/** The flags of `holdfast load`, as commander gives them. Times are in seconds. */
export interface LoadFlags {
  readonly endpointName: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly variant?: string;
  readonly targetModel?: string;
  readonly inferenceComponent?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly body?: string;
  readonly bodyFile?: string;
  readonly rate: number;
  readonly duration: number;
  readonly warmUp: number;
  readonly ramp: number;
  readonly maxInFlight: number;
  readonly config?: string;
  readonly compare?: string;
  readonly json?: string;
  readonly yes?: true;
  readonly progress: boolean;
}

/** The most that one process with timers of a millisecond can send at an even distance. */
const MAX_RATE = 10_000;

/** A day. */
const MAX_SECONDS = 86_400;

const EXAMPLES = `
The defaults make 1,000 calls. Beyond that it asks first, unless the endpoint is on this machine.

Examples:
  holdfast load --endpoint-name churn --content-type text/csv --body 1.5,2,0.3
  holdfast load --endpoint-name churn --body-file row.json --rate 100 --duration 120 --json churn.json
  holdfast load --endpoint-name churn --body-file row.json --config now.json --compare next.json
  holdfast load --endpoint-name any --endpoint http://127.0.0.1:8080 --body hello

A file for --config and --compare has options of the client:
  {"timeouts":{"attemptMs":2000},"retry":{"maxAttempts":2}}

Ctrl+C stops the sending and waits for the calls in flight; a second one reports without them.

Exit codes: 0; 1 if the question was not answered by yes, no call succeeded, or what came of it cannot be written;
2 for bad usage, before anything is sent; 130 after Ctrl+C.
`;

/** `holdfast load` without its action. */
export function loadFlags(): Command {
  const second = (min: number) => decimal(min, MAX_SECONDS, "seconds");
  return new Command("load")
    .description("Measure an endpoint under an even load, and recommend settings for its clients.")
    .requiredOption("--endpoint-name <name>", "endpoint to call", text)
    .option("--region <name>", "region of the endpoint (default: as the AWS SDK finds it)", region)
    .option("--endpoint <url>", "where to send calls instead of the region's own endpoint", text)
    .option("--variant <name>", "production variant to call (default: as the endpoint's weights say)", text)
    .option("--target-model <path>", "model of a multi-model endpoint", text)
    .option("--inference-component <name>", "inference component to call", text)
    .option("--content-type <type>", "MIME type of the payload", text)
    .option("--accept <type>", "MIME type of the answer", text)
    .option("--body <text>", "payload of each call")
    .option("--body-file <file>", "file with the payload of each call; - for standard input", text)
    .option(
      "--rate <number>",
      "calls per second, whatever becomes of them",
      decimal(0.01, MAX_RATE, "calls per second"),
      20,
    )
    .option("--duration <seconds>", "how long calls are measured", second(0.1), 45)
    .option("--warm-up <seconds>", "how long the full rate runs before calls are measured", second(0), 4)
    .option("--ramp <seconds>", "how long the rate climbs from 0 before that", second(0), 2)
    .option(
      "--max-in-flight <number>",
      "calls in flight at once, for each configuration; one that is due beyond it is not sent",
      wholeNumber(1, 65_536),
      256,
    )
    .option("--config <file>", "options of the client (JSON)", text)
    .option("--compare <file>", "options of a second client (JSON), measured in alternation", text)
    .option("--json <file>", "file to write the results to", text)
    .option("--yes", "send more than 1,000 calls without asking")
    .option("--no-progress", "show no progress bar")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", EXAMPLES)
    .allowExcessArguments();
}
