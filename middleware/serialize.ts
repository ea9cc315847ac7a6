import { layer } from "../lib/layer.ts";
import type { SerializeSettings } from "../lib/operations/operation.ts";
import type { Layer } from "../lib/types.ts";

/**
 * Checks the command's input and makes the request, with the payload's hash: once per call, because hashing
 * is the dearest part of signing and the payload is the same at every attempt.
 *
 * @throws {InvalidInputError} before anything is hashed or sent
 */
export function serialize(settings: SerializeSettings): Layer {
  return layer({ name: "serialize", step: "serialize", aliases: ["serializerMiddleware"] }, (next) => {
    return function serializeCall(args) {
      const { operation } = args.call;
      operation.validate(args.input);
      args.request = operation.serialize(args.input, settings);
      args.call.hashedBody = args.request.body;
      return next(args);
    };
  });
}
