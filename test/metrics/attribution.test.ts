import { describe, expect, it } from "vitest";
import type { MetricsOptions } from "../../lib/metrics/options.ts";
import { type TargetInput, targetOf } from "../../lib/target.ts";
import { type AttemptEnd, MetricsHarness } from "../support/metrics-harness.ts";

const TARGETED = { EndpointName: "churn", TargetVariant: "asked" };
const UNTARGETED = { EndpointName: "churn" };

/** The variant that a failed call of one attempt is counted for. */
async function variantOf(input: TargetInput, end: AttemptEnd, options: Partial<MetricsOptions> = {}) {
  const metrics = new MetricsHarness(options);
  await metrics.run("server_error", end, 10, input);
  const scrape = await metrics.scrape();
  const label = (name: string) => scrape.all(name).find(({ value }) => value === 1)?.labels.variant;
  const variants = [label("sagemaker_client_requests_total"), label("sagemaker_client_attempts_total")];
  expect(variants[0]).toBe(variants[1]);
  return variants[0];
}

describe("an attempt is counted for", () => {
  it("the variant that answered, error answers included", async () => {
    expect(await variantOf(TARGETED, { variant: "answered" }, { declaredVariant: "declared" })).toBe(
      "answered",
    );
  });

  it("the variant that the request asked for, where the answer names none", async () => {
    expect(await variantOf(TARGETED, {}, { declaredVariant: "declared" })).toBe("asked");
  });

  it("the variant that a hedge was sent to, where that is another one than the call's", async () => {
    const metrics = new MetricsHarness();
    const call = metrics.startCall(TARGETED);
    const hedge = call.startAttempt("hedge", targetOf({ ...TARGETED, TargetVariant: "other" }));
    metrics.recorder.attemptStarted(hedge);
    metrics.endAttempt(hedge, "server_error");
    const labels = { variant: "other", outcome: "server_error", kind: "hedge" };
    expect((await metrics.scrape()).value("sagemaker_client_attempts_total", labels)).toBe(1);
  });

  it("the declared variant, where neither says", async () => {
    expect(await variantOf(UNTARGETED, {}, { declaredVariant: "declared" })).toBe("declared");
  });

  it("_unknown, where nothing says", async () => {
    expect(await variantOf(UNTARGETED, {})).toBe("_unknown");
  });

  it("_none, where nothing was sent, whatever was asked for", async () => {
    expect(await variantOf(TARGETED, { sent: false }, { declaredVariant: "declared" })).toBe("_none");
  });

  it("_other, where its name is none", async () => {
    expect(await variantOf(UNTARGETED, { variant: "_unknown" })).toBe("_other");
    expect(await variantOf(UNTARGETED, { variant: "a,b" })).toBe("_other");
  });

  it("_other, beyond the limit of variants, which holds for each endpoint by itself", async () => {
    const metrics = new MetricsHarness({ maxVariants: 2 });
    for (const variant of ["a", "b", "c", "d"]) await metrics.run("ok", { variant });
    await metrics.run("ok", { variant: "c" }, 10, { EndpointName: "other-endpoint" });
    const scrape = await metrics.scrape();
    const count = (labels: Record<string, string>) =>
      scrape.value("sagemaker_client_requests_total", { outcome: "ok", endpoint: "churn", ...labels });
    expect([count({ variant: "a" }), count({ variant: "b" }), count({ variant: "_other" })]).toEqual([
      1, 1, 2,
    ]);
    expect(count({ endpoint: "other-endpoint", variant: "c" })).toBe(1);
    expect(scrape.value("sagemaker_client_label_overflow_total", { label: "variant" })).toBeGreaterThan(0);
  });
});
