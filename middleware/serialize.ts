import { callCancellationError } from "../lib/errors/cancellation-error.ts";
import type { HttpRequest } from "../lib/http.ts";
import { layer } from "../lib/layer.ts";
import type { SerializeSettings } from "../lib/operations/operation.ts";
import { hashInSlices } from "../lib/protocol/sliced-hash.ts";
import type { CallArgs, Layer } from "../lib/types.ts";

/**
 * Checks the command's input and makes the request, with the payload's hash: once per call, because hashing
 * is the dearest part of signing and the payload is the same at every attempt. A large payload is hashed
 * slice by slice, while other calls go on.
 *
 * @throws {InvalidInputError} before anything is hashed or sent
 */
export function serialize(settings: SerializeSettings): Layer {
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
