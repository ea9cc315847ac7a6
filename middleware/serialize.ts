import { resolveSerialize, type SerializeOptions } from "../lib/config/serialize-options.ts";
import { callCancellationError } from "../lib/errors/cancellation-error.ts";
import type { HttpRequest } from "../lib/http.ts";
import { layer } from "../lib/layer.ts";
import type { SerializeSettings } from "../lib/operations/operation.ts";
import { hashInSlices } from "../lib/protocol/sliced-hash.ts";
import type { CallArgs, Layer } from "../lib/types.ts";

/**
 * Checks the command's input and makes the request, with the payload's hash: once per call, because hashing
 * is the dearest part of signing and the payload is the same at every attempt. A large payload is hashed
 * slice by slice, while other calls go on. A call whose input breaks a rule fails with an InvalidInputError, before
 * anything is hashed or sent.
 *
 * @throws {RangeError} for an option out of range; {@link TypeError} for one that does not exist
 */
export function serialize(options: SerializeOptions): Layer {
  return serializeCalls(resolveSerialize(options));
}

/** {@link serialize} for a client, which has checked its own options. */
export function serializeCalls(settings: SerializeSettings): Layer {
  return layer({ name: "serialize", step: "serialize", aliases: ["serializerMiddleware"] }, (next) => {
    return function serializeCall(args) {
      const { call } = args;
      call.operation.validate(args.input);
      const request = call.operation.serialize(args.input, settings, call.fallback?.hashedBefore);
      args.request = request;
      call.hashedBody = request.body;
      return request.headers["x-amz-content-sha256"] === "" ? hashFirst(args, request) : next(args);
    };

    async function hashFirst(args: CallArgs, request: HttpRequest) {
      const digest = await hashInSlices(request.body, args.call);
      if (digest === undefined) throw callCancellationError(args.call);
      request.headers["x-amz-content-sha256"] = digest;
      return next(args);
    }
  });
}
