import type { InvokeMethod } from "@smithy/types";
import type { OutputWithMetadata } from "./types.ts";

/** Is told once how a call ended, `(error)` or `(null, output)`: the AWS SDK's other way to get an answer. */
export type SendCallback<Output extends OutputWithMetadata> = NonNullable<
  Parameters<InvokeMethod<object, Output>>[2]
>;

/** What it throws itself is dropped, as the AWS SDK does: there is nobody to catch it. */
export function tell<Output extends OutputWithMetadata>(
  callback: SendCallback<Output>,
  answer: Promise<Output>,
): undefined {
  answer.then((output) => callback(null, output), callback).catch(() => {});
}
