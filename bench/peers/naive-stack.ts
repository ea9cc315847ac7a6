import type { Handler, InitializeMiddleware, MiddlewareStack } from "@smithy/types";
import type { IPolicy } from "cockatiel";
import type { Registry } from "prom-client";
import type { Answer, Target } from "../client.ts";

/** What travels down the naive stack. */
export interface NaiveArgs {
  readonly input: object;
  readonly body: Uint8Array;
  headers: Record<string, string>;
}

export interface NaiveOutput {
  readonly response: Answer;
  readonly output: object;
}

type Stack = MiddlewareStack<object, object>;
type Next = (args: NaiveArgs) => Promise<NaiveOutput>;

/** Smithy types `args` by the input; what else stands on them is this stack's own. */
function add(stack: Stack, name: string, middleware: (next: Next) => Next): void {
  stack.add(middleware as unknown as InitializeMiddleware<object, object>, { step: "initialize", name });
}

export async function addMetrics(stack: Stack, { endpointName }: Target, registry: Registry): Promise<void> {
  const { Counter, Gauge, Histogram } = await import("prom-client");
  const names = (name: string) => ({ name, help: name, registers: [registry] });
  const duration = new Histogram({ ...names("duration_seconds"), labelNames: ["endpoint", "outcome"] });
  const total = new Counter({ ...names("calls_total"), labelNames: ["endpoint", "outcome"] });
  const inFlight = new Gauge({ ...names("in_flight"), labelNames: ["endpoint"] });
  add(stack, "metrics", (next) => async (args) => {
    const endpoint = endpointName;
    const stop = duration.startTimer({ endpoint });
    inFlight.inc({ endpoint });
    let outcome = "error";
    try {
      const result = await next(args);
      outcome = "success";
      return result;
    } finally {
      stop({ outcome });
      total.inc({ endpoint, outcome });
      inFlight.dec({ endpoint });
    }
  });
}

export function addResilience(stack: Stack, policies: IPolicy): void {
  add(stack, "resilience", (next) => (args) => policies.execute(() => next(args)));
}

export async function addSignature(stack: Stack, target: Target): Promise<void> {
  const { SignatureV4 } = await import("@smithy/signature-v4");
  const { Sha256 } = await import("@smithy/core/checksum");
  const { region, credentials, contentType, origin } = target;
  const signer = new SignatureV4({ service: "sagemaker", region, credentials, sha256: Sha256 });
  const { protocol, hostname, host } = new URL(origin);
  const path = pathOf(target);
  add(stack, "sign", (next) => async (args) => {
    const headers = { host, "content-type": contentType };
    const request = { method: "POST", protocol, hostname, path, headers, body: args.body };
    const signed = await signer.sign(request);
    return next({ ...args, headers: signed.headers });
  });
}

/** Sends what the stack made of the body; the stack is resolved for the call, as the official client does. */
export async function sendThrough(stack: Stack, body: Uint8Array, transport: Next): Promise<Answer> {
  const handler = stack.resolve(transport as unknown as Handler<object, object>, {}) as unknown as Next;
  const { response } = await handler({ input: {}, body, headers: {} });
  return response;
}

export function pathOf({ endpointName }: Pick<Target, "endpointName">): string {
  return `/endpoints/${endpointName}/invocations`;
}
